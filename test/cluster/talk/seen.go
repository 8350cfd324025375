package main

import (
	"encoding/json"
	"io"
	"net"
	"sync"
	"time"
)

// Where `serve` tells what it has seen.
const socketPath = "/tmp/talk"

// Flow is what was seen of one flow, or of one sender.
type Flow struct {
	Frames int   `json:"frames"`
	Bytes  int   `json:"bytes"`
	First  int64 `json:"first"`
	Last   int64 `json:"last"`
}

// Seen keeps flows by name.
type Seen struct {
	lock  sync.Mutex
	flows map[string]*Flow
}

func newSeen() *Seen { return &Seen{flows: map[string]*Flow{}} }

func (s *Seen) add(name string, bytes int, at time.Time) {
	now := at.UnixMilli()
	s.lock.Lock()
	defer s.lock.Unlock()
	flow := s.flows[name]
	if flow == nil {
		flow = &Flow{First: now}
		s.flows[name] = flow
	}
	flow.Frames++
	flow.Bytes += bytes
	flow.Last = max(flow.Last, now)
}

func (s *Seen) write(to io.Writer) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	return json.NewEncoder(to).Encode(s.flows)
}

func (s *Seen) tell() error {
	listener, err := net.Listen("unix", socketPath)
	if err != nil {
		return err
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		_ = s.write(connection)
		_ = connection.Close()
	}
}

func report(to io.Writer) error {
	connection, err := net.Dial("unix", socketPath)
	if err != nil {
		return err
	}
	defer connection.Close()
	_, err = io.Copy(to, connection)
	return err
}

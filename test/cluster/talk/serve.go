package main

import (
	"context"
	"net"
	"strconv"
	"syscall"
	"time"
)

// Reads and drops what comes over TCP, sends back what comes over UDP, and captures. What a socket got is told as
// `got NAME` beside what the capture saw: on the network of a node frames are captured before they are dropped.
func serve(port string) error {
	seen := newSeen()
	if err := capture(seen); err != nil {
		return err
	}
	config := net.ListenConfig{Control: stampedListener}
	listener, err := config.Listen(context.Background(), "tcp", ":"+port)
	if err != nil {
		return err
	}
	packets, err := config.ListenPacket(context.Background(), "udp", ":"+port)
	if err != nil {
		return err
	}
	go echo(packets.(*net.UDPConn), seen)
	go accept(listener, seen)
	return seen.tell()
}

func accept(listener net.Listener, seen *Seen) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer connection.Close()
			raw, err := connection.(*net.TCPConn).SyscallConn()
			if err != nil {
				return
			}
			for read(raw, seen) {
			}
		}()
	}
}

// Reads once of a TCP connection; false at its end.
func read(raw syscall.RawConn, seen *Seen) bool {
	buffer := make([]byte, 1<<12)
	control := make([]byte, controlSize)
	length, more := 0, 0
	var failed error
	err := raw.Read(func(fd uintptr) bool {
		length, more, _, _, failed = syscall.Recvmsg(int(fd), buffer, control, 0)
		return failed != syscall.EAGAIN && failed != syscall.EINTR
	})
	if err != nil || failed != nil || length == 0 {
		return false
	}
	got(seen, buffer[:length], arrival(control[:more]))
	return true
}

func echo(packets *net.UDPConn, seen *Seen) {
	buffer := make([]byte, 1<<12)
	control := make([]byte, controlSize)
	for {
		length, more, _, from, err := packets.ReadMsgUDP(buffer, control)
		if err != nil {
			return
		}
		got(seen, buffer[:length], arrival(control[:more]))
		_, _ = packets.WriteToUDP(buffer[:length], from)
	}
}

func got(seen *Seen, data []byte, at time.Time) {
	if name, found := nameIn(data); found {
		seen.add("got "+name, len(data), at)
	}
}

// In the order of the network.
func order(value uint16) uint16 { return value<<8 | value>>8 }

func decimal(value uint16) string { return strconv.Itoa(int(value)) }

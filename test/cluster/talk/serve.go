package main

import (
	"net"
	"strconv"
)

// Reads and drops what comes over TCP, sends back what comes over UDP, and captures. What a socket got is told as
// `got NAME` beside what the capture saw: on the network of a node frames are captured before they are dropped.
func serve(port string) error {
	seen := newSeen()
	if err := capture(seen); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	packets, err := net.ListenPacket("udp", ":"+port)
	if err != nil {
		return err
	}
	go echo(packets, seen)
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
			buffer := make([]byte, 1<<12)
			for {
				length, err := connection.Read(buffer)
				got(seen, buffer[:length])
				if err != nil {
					return
				}
			}
		}()
	}
}

func echo(packets net.PacketConn, seen *Seen) {
	buffer := make([]byte, 1<<12)
	for {
		length, from, err := packets.ReadFrom(buffer)
		if err != nil {
			return
		}
		got(seen, buffer[:length])
		_, _ = packets.WriteTo(buffer[:length], from)
	}
}

func got(seen *Seen, data []byte) {
	if name, found := nameIn(data); found {
		seen.add("got "+name, len(data))
	}
}

// In the order of the network.
func order(value uint16) uint16 { return value<<8 | value>>8 }

func decimal(value uint16) string { return strconv.Itoa(int(value)) }

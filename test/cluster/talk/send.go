package main

import (
	"fmt"
	"net"
	"syscall"
	"time"
)

const (
	pause          = 250 * time.Millisecond
	again          = 750 * time.Millisecond
	tcpUserTimeout = 18 // TCP_USER_TIMEOUT, linux/tcp.h: a connection that nobody answers ends after so many milliseconds
	patience       = 2 * time.Second
)

// Flows for ever, each three words: KIND NAME ADDRESS.
func send(words []string) error {
	if len(words) == 0 || len(words)%3 != 0 {
		return fmt.Errorf("flows are three words each: KIND NAME ADDRESS")
	}
	for i := 0; i < len(words); i += 3 {
		kind, address := words[i], words[i+2]
		message := []byte(tag + words[i+1] + ";")
		switch kind {
		case "tcp":
			go forever(func() { hold("tcp", address, message) })
		case "udp":
			go forever(func() { hold("udp", address, message) })
		case "newtcp":
			go forever(func() { once("tcp", address, message) })
		case "newudp":
			go forever(func() { once("udp", address, message) })
		case "ping":
			go forever(func() { ping(address, message) })
		case "raw":
			go forever(func() { raw(address, message) })
		default:
			return fmt.Errorf("unknown kind %q", kind)
		}
	}
	select {}
}

func forever(work func()) {
	for {
		work()
		time.Sleep(again)
	}
}

// One connection or socket for as long as it lasts.
func hold(network, address string, message []byte) {
	dialer := net.Dialer{Timeout: patience, Control: limit(network)}
	connection, err := dialer.Dial(network, address)
	if err != nil {
		return
	}
	defer connection.Close()
	// Whoever answers is read, so that its window stays open.
	go func() {
		buffer := make([]byte, 1<<12)
		for {
			if _, err := connection.Read(buffer); err != nil && network == "tcp" {
				return
			}
		}
	}()
	for {
		// A refused datagram is no reason to stop; a broken connection is.
		if _, err := connection.Write(message); err != nil && network == "tcp" {
			return
		}
		time.Sleep(pause)
	}
}

func limit(network string) func(string, string, syscall.RawConn) error {
	if network != "tcp" {
		return nil
	}
	return func(_, _ string, raw syscall.RawConn) error {
		return raw.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(patience.Milliseconds()))
		})
	}
}

func once(network, address string, message []byte) {
	connection, err := net.DialTimeout(network, address, time.Second)
	if err != nil {
		return
	}
	_, _ = connection.Write(message)
	_ = connection.Close()
}

// An echo request (RFC 792, RFC 4443), whose checksum the kernel fills in for IPv6 alone.
func ping(address string, message []byte) {
	ip := net.ParseIP(host(address))
	network, request := "ip4:icmp", byte(8)
	if ip.To4() == nil {
		network, request = "ip6:ipv6-icmp", 128
	}
	packets, err := net.ListenPacket(network, "")
	if err != nil {
		return
	}
	defer packets.Close()
	to, err := net.ResolveIPAddr("ip", address)
	if err != nil {
		return
	}
	packet := append([]byte{request, 0, 0, 0, 0x49, 0x52, 0, 1}, message...)
	if request == 8 {
		sum := checksum(packet)
		packet[2], packet[3] = byte(sum>>8), byte(sum)
	}
	_, _ = packets.WriteTo(packet, to)
}

// An address without its zone.
func host(address string) string {
	for i := range address {
		if address[i] == '%' {
			return address[:i]
		}
	}
	return address
}

// RFC 1071.
func checksum(data []byte) uint16 {
	sum := uint32(0)
	for i := 0; i+1 < len(data); i += 2 {
		sum += uint32(data[i])<<8 | uint32(data[i+1])
	}
	if len(data)%2 == 1 {
		sum += uint32(data[len(data)-1]) << 8
	}
	for sum>>16 > 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

package main

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"syscall"
	"time"
)

const (
	allFrames = 0x0003 // ETH_P_ALL, linux/if_ether.h
	outgoing  = 4      // PACKET_OUTGOING, linux/if_packet.h
	loopback  = 772    // ARPHRD_LOOPBACK, linux/if_arp.h
	tag       = "talk:"
)

// Captures frames that come in over any link but loopback. A frame counts under the name of its flow, `talk:NAME;` in
// its payload, and under its sender: `from ADDRESS PROTOCOL`, with the destination's port for TCP and UDP.
func capture(seen *Seen) error {
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW, int(order(allFrames)))
	if err != nil {
		return err
	}
	_ = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_RCVBUF, 8<<20)
	if err := stamped(fd); err != nil {
		return err
	}
	go func() {
		buffer := make([]byte, 1<<16)
		control := make([]byte, controlSize)
		for {
			length, more, _, from, err := syscall.Recvmsg(fd, buffer, control, 0)
			if err != nil {
				continue
			}
			link, ok := from.(*syscall.SockaddrLinklayer)
			if !ok || link.Pkttype == outgoing || link.Hatype == loopback {
				continue
			}
			note(seen, buffer[:length], arrival(control[:more]))
		}
	}()
	return nil
}

func note(seen *Seen, frame []byte, at time.Time) {
	if name, found := nameIn(frame); found {
		seen.add(name, len(frame), at)
	}
	if sender := senderOf(frame); sender != "" {
		seen.add(sender, len(frame), at)
	}
}

func nameIn(frame []byte) (string, bool) {
	at := bytes.Index(frame, []byte(tag))
	if at < 0 {
		return "", false
	}
	rest := frame[at+len(tag):]
	end := bytes.IndexByte(rest, ';')
	if end < 0 {
		return "", false
	}
	return string(rest[:end]), true
}

func senderOf(frame []byte) string {
	if len(frame) < 14 {
		return ""
	}
	packet := frame[14:]
	switch binary.BigEndian.Uint16(frame[12:14]) {
	case 0x0800:
		if len(packet) < 20 {
			return ""
		}
		address, _ := netip.AddrFromSlice(packet[12:16])
		return "from " + address.String() + " " + protocol(packet[9], packet[min(len(packet), int(packet[0]&0xf)*4):])
	case 0x86dd:
		if len(packet) < 40 {
			return ""
		}
		address, _ := netip.AddrFromSlice(packet[8:24])
		return "from " + address.String() + " " + protocol(packet[6], packet[40:])
	}
	return ""
}

// Neighbour discovery is told from the rest of ICMPv6: it is the cluster's own.
func protocol(number byte, payload []byte) string {
	port := func() string {
		if len(payload) < 4 {
			return "?"
		}
		return decimal(binary.BigEndian.Uint16(payload[2:4]))
	}
	switch number {
	case 6:
		return "tcp " + port()
	case 17:
		return "udp " + port()
	case 1:
		return "icmp"
	case 58:
		if len(payload) > 0 && payload[0] >= 130 && payload[0] <= 143 {
			return "discovery"
		}
		return "icmp"
	}
	return "protocol " + decimal(uint16(number))
}

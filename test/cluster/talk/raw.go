package main

import (
	"encoding/binary"
	"encoding/hex"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"
)

const ipv4Frames = 0x0800

// Writes UDP packets as frames of its own to eth0, past every hook for sockets, as CAP_NET_RAW allows. The frames go to
// the neighbour itself when it is one, else to the gateway.
func raw(address string, message []byte) {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return
	}
	link, from, ok := ownLink("eth0")
	if !ok {
		return
	}
	target, ok := hardwareAddress(to)
	if !ok {
		return
	}
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW, 0)
	if err != nil {
		return
	}
	defer syscall.Close(fd)
	frame := udpFrame(link.HardwareAddr, target, netip.AddrPortFrom(from, 7000), to, message)
	where := &syscall.SockaddrLinklayer{Protocol: order(ipv4Frames), Ifindex: link.Index, Halen: 6}
	copy(where.Addr[:], target)
	for {
		_ = syscall.Sendto(fd, frame, 0, where)
		time.Sleep(pause)
	}
}

func ownLink(name string) (*net.Interface, netip.Addr, bool) {
	link, err := net.InterfaceByName(name)
	if err != nil {
		return nil, netip.Addr{}, false
	}
	addresses, _ := link.Addrs()
	for _, each := range addresses {
		prefix, err := netip.ParsePrefix(each.String())
		if err == nil && prefix.Addr().Is4() {
			return link, prefix.Addr(), true
		}
	}
	return nil, netip.Addr{}, false
}

// From the kernel's table, into which an ordinary packet brings the address of a neighbour or of the gateway.
func hardwareAddress(to netip.AddrPort) (net.HardwareAddr, bool) {
	once("udp", to.String(), []byte("?"))
	time.Sleep(again)
	known := map[string]net.HardwareAddr{}
	for _, words := range table("/proc/net/arp") {
		hardware, err := net.ParseMAC(words[3])
		if err == nil && hardware.String() != "00:00:00:00:00:00" {
			known[words[0]] = hardware
		}
	}
	if hardware, found := known[to.Addr().String()]; found {
		return hardware, true
	}
	for _, words := range table("/proc/net/route") {
		bytes, err := hex.DecodeString(words[2])
		if err == nil && len(bytes) == 4 && words[1] == "00000000" {
			gateway := netip.AddrFrom4([4]byte{bytes[3], bytes[2], bytes[1], bytes[0]})
			hardware, found := known[gateway.String()]
			return hardware, found
		}
	}
	return nil, false
}

// Lines of at least four words.
func table(path string) [][]string {
	content, _ := os.ReadFile(path)
	rows := [][]string{}
	for _, line := range strings.Split(string(content), "\n") {
		if words := strings.Fields(line); len(words) >= 4 {
			rows = append(rows, words)
		}
	}
	return rows
}

// Ethernet, IPv4 (RFC 791) and UDP (RFC 768, without its checksum).
func udpFrame(mac, target net.HardwareAddr, from, to netip.AddrPort, message []byte) []byte {
	frame := append(append([]byte{}, target...), mac...)
	frame = binary.BigEndian.AppendUint16(frame, ipv4Frames)
	source, destination := from.Addr().As4(), to.Addr().As4()
	header := []byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0}
	header = append(append(header, source[:]...), destination[:]...)
	binary.BigEndian.PutUint16(header[2:], uint16(28+len(message)))
	binary.BigEndian.PutUint16(header[10:], checksum(header))
	datagram := binary.BigEndian.AppendUint16(nil, from.Port())
	datagram = binary.BigEndian.AppendUint16(datagram, to.Port())
	datagram = binary.BigEndian.AppendUint16(datagram, uint16(8+len(message)))
	datagram = binary.BigEndian.AppendUint16(datagram, 0)
	return append(append(append(frame, header...), datagram...), message...)
}

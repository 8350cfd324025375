package main

import (
	"encoding/binary"
	"syscall"
	"time"
)

// Room for the control messages of one recvmsg.
const controlSize = 128

// Has the kernel tell when it got what a socket receives: on a busy machine we may come to read it much later.
func stamped(fd int) error {
	return syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_TIMESTAMPNS, 1)
}

// For a net.ListenConfig; sockets that are accepted inherit it.
func stampedListener(_, _ string, raw syscall.RawConn) error {
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = stamped(int(fd)) }); err != nil {
		return err
	}
	return failed
}

// When the kernel got what came with these control messages (SO_TIMESTAMPNS, socket(7): a struct timespec).
func arrival(control []byte) time.Time {
	messages, _ := syscall.ParseSocketControlMessage(control)
	for _, each := range messages {
		ours := each.Header.Level == syscall.SOL_SOCKET && each.Header.Type == syscall.SO_TIMESTAMPNS
		if ours && len(each.Data) >= 16 {
			seconds := binary.NativeEndian.Uint64(each.Data)
			return time.Unix(int64(seconds), int64(binary.NativeEndian.Uint64(each.Data[8:])))
		}
	}
	return time.Now()
}

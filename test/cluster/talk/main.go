// Talk makes traffic of every kind between pods and sees, by itself, which of it arrives: the end-to-end tests compare
// that with what an isolation claims.
//
//	talk serve [PORT]           answers TCP and UDP on PORT (7001), captures what arrives, and tells it on /tmp/talk
//	talk report                 prints what `serve` has seen, as JSON: flow -> frames, bytes, last (Unix milliseconds)
//	talk capture                captures, and prints the same for each line of its input
//	talk health PORT            answers the kubelet's gRPC probes
//	talk send KIND NAME ADDRESS... flows for ever: tcp and udp (held open), newtcp, newudp, ping, raw
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "talk:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) >= 1 && args[0] == "serve":
		port := "7001"
		if len(args) > 1 {
			port = args[1]
		}
		return serve(port)
	case len(args) == 1 && args[0] == "report":
		return report(os.Stdout)
	case len(args) == 1 && args[0] == "capture":
		seen := newSeen()
		if err := capture(seen); err != nil {
			return err
		}
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			if err := seen.write(os.Stdout); err != nil {
				return err
			}
		}
		return nil
	case len(args) == 2 && args[0] == "health":
		return health(args[1])
	case len(args) >= 1 && args[0] == "send":
		return send(args[1:])
	}
	return fmt.Errorf("unknown arguments %q", args)
}

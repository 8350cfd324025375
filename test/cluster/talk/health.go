package main

import "net/http"

// A server that says SERVING to the kubelet's gRPC probes (grpc.health.v1.Health/Check, HTTP/2 without TLS).
func health(port string) error {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	server := http.Server{Addr: ":" + port, Protocols: protocols}
	server.Handler = http.HandlerFunc(func(to http.ResponseWriter, _ *http.Request) {
		to.Header().Set("Content-Type", "application/grpc")
		to.Header().Set("Trailer", "Grpc-Status")
		// Not compressed, two bytes: field 1 (status) is 1 (SERVING).
		_, _ = to.Write([]byte{0, 0, 0, 0, 2, 8, 1})
		to.Header().Set("Grpc-Status", "0")
	})
	return server.ListenAndServe()
}

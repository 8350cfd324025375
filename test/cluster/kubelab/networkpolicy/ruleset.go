package networkpolicy

import (
	"fmt"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
)

// direction is one of the two in which a policy isolates a pod: the fields of a
// packet that hold the address of the pod itself and of the other side.
type direction struct {
	kind      networkingv1.PolicyType
	own, peer string
}

var (
	ingress = direction{networkingv1.PolicyTypeIngress, "daddr", "saddr"}
	egress  = direction{networkingv1.PolicyTypeEgress, "saddr", "daddr"}
)

const tableName = "network_policy"

// Like the common controllers this one looks only at the first packet of a
// connection. Neighbours must find each other whatever the policies say: on a
// bridge their packets come here too.
const forward = `	chain forward {
		type filter hook forward priority filter
		ct state established,related return
		icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } return
`

// Ruleset is the input of nft(8) that replaces the table of a node, in one
// transaction, by the rules that the state asks for. A connection passes when
// the chain of the pod that opens it and the chain of the pod that takes it
// both return; a pod that no policy selects has no chain. What a node itself
// sends or receives is not forwarded and never comes here: policies don't
// concern the traffic between a pod and its own node.
func Ruleset(node string, state State) string {
	w := newWorld(state)
	var chains strings.Builder
	jumps := map[string][]string{}
	for index, pod := range w.endpoints {
		if pod.node != node {
			continue
		}
		for _, d := range []direction{egress, ingress} {
			rules, isolated := w.rulesFor(pod, d)
			if !isolated {
				continue
			}
			chain := fmt.Sprintf("pod-%d-%s", index, strings.ToLower(string(d.kind)))
			fmt.Fprintf(&chains, "\tchain %s {\n\t\t%s\n\t}\n", chain, strings.Join(w.chain(pod, d, rules), "\n\t\t"))
			for _, address := range pod.addresses {
				from := field(address, d.own)
				jumps[from] = append(jumps[from], fmt.Sprintf("%s : jump %s", address, chain))
			}
		}
	}
	var table strings.Builder
	fmt.Fprintf(&table, "add table inet %[1]s\ndelete table inet %[1]s\ntable inet %[1]s {\n", tableName)
	table.WriteString(chains.String() + forward)
	for _, from := range []string{"ip saddr", "ip6 saddr", "ip daddr", "ip6 daddr"} {
		if len(jumps[from]) > 0 {
			fmt.Fprintf(&table, "\t\t%s vmap { %s }\n", from, strings.Join(jumps[from], ", "))
		}
	}
	table.WriteString("\t}\n}\n")
	return table.String()
}

// chain is what a pod lets pass in one direction. It can't shut itself out, so
// a connection to itself (through a Service) always passes.
func (w world) chain(pod *endpoint, d direction, rules []rule) []string {
	lines := []string{comment(pod.namespace, pod.name)}
	for _, address := range pod.addresses {
		lines = append(lines, fmt.Sprintf("%s %s return", field(address, d.peer), address))
	}
	for _, r := range rules {
		for _, match := range r.matchesFor(pod, d, w.endpoints) {
			lines = append(lines, strings.TrimSpace(match+" return "+comment(pod.namespace, r.policy)))
		}
	}
	return append(lines, "drop")
}

// comment names an object; a comment of nft holds at most 127 bytes.
func comment(namespace, name string) string {
	text := namespace + "/" + name
	return fmt.Sprintf("comment %q", text[:min(len(text), 120)])
}

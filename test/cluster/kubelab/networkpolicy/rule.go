package networkpolicy

import (
	"fmt"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// rule is one element of a policy's `ingress` or `egress`.
type rule struct {
	policy string
	peers  peers
	// ports is empty for any port of any protocol.
	ports []networkingv1.NetworkPolicyPort
}

// rulesFor gives the union of the rules that hold for a pod in one direction,
// and whether any policy isolates it there.
func (w world) rulesFor(pod *endpoint, d direction) (rules []rule, isolated bool) {
	for _, policy := range w.policies {
		if policy.Namespace != pod.namespace || !isolates(policy, d) || !selects(&policy.Spec.PodSelector, pod.labels) {
			continue
		}
		isolated = true
		if d == ingress {
			for _, one := range policy.Spec.Ingress {
				rules = append(rules, rule{policy.Name, w.peersOf(policy.Namespace, one.From), one.Ports})
			}
			continue
		}
		for _, one := range policy.Spec.Egress {
			rules = append(rules, rule{policy.Name, w.peersOf(policy.Namespace, one.To), one.Ports})
		}
	}
	return rules, isolated
}

// isolates tells whether a policy is about a direction. Without policyTypes it
// is about ingress, and about egress when it has rules for it.
func isolates(policy *networkingv1.NetworkPolicy, d direction) bool {
	if len(policy.Spec.PolicyTypes) > 0 {
		return slices.Contains(policy.Spec.PolicyTypes, d.kind)
	}
	return d == ingress || len(policy.Spec.Egress) > 0
}

// matchesFor gives the rule as expressions of nft, any of which lets a packet
// of the pod pass.
func (r rule) matchesFor(pod *endpoint, d direction, all []*endpoint) []string {
	addresses := r.peers.matches(d.peer)
	if len(r.ports) == 0 {
		return addresses
	}
	var found []string
	for _, port := range r.ports {
		protocol := "tcp"
		if port.Protocol != nil {
			protocol = strings.ToLower(string(*port.Protocol))
		}
		named := port.Port != nil && port.Port.Type == intstr.String
		switch {
		case named && d == egress:
			found = append(found, r.namedTargets(port.Port.StrVal, protocol, all)...)
		case named:
			for _, number := range pod.portsNamed(port.Port.StrVal, protocol) {
				found = append(found, withPort(addresses, fmt.Sprintf("%s dport %d", protocol, number))...)
			}
		default:
			found = append(found, withPort(addresses, portMatch(port, protocol))...)
		}
	}
	return found
}

// portMatch matches a number, a range, or all ports of a protocol.
func portMatch(port networkingv1.NetworkPolicyPort, protocol string) string {
	switch {
	case port.Port == nil:
		return "meta l4proto " + protocol
	case port.EndPort == nil:
		return fmt.Sprintf("%s dport %d", protocol, port.Port.IntVal)
	default:
		return fmt.Sprintf("%s dport %d-%d", protocol, port.Port.IntVal, *port.EndPort)
	}
}

func withPort(addresses []string, port string) []string {
	found := make([]string, 0, len(addresses))
	for _, address := range addresses {
		found = append(found, strings.TrimSpace(address+" "+port))
	}
	return found
}

// namedTargets matches, for each pod among the peers, the ports of its own
// that have the name. The name says nothing of other addresses.
func (r rule) namedTargets(name, protocol string, all []*endpoint) []string {
	var found []string
	for _, pod := range all {
		for _, number := range pod.portsNamed(name, protocol) {
			for _, address := range pod.addresses {
				if r.peers.hold(pod, address) {
					found = append(found, fmt.Sprintf("%s %s %s dport %d", field(address, egress.peer), address, protocol, number))
				}
			}
		}
	}
	return found
}

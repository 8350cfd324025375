package networkpolicy

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
)

// peers are the pods and address ranges that a `from` or `to` names; an empty
// one names everybody.
type peers struct {
	everybody bool
	pods      []*endpoint
	blocks    []block
}

// block is an ipBlock: the addresses within cidr and in none of except.
type block struct {
	cidr   netip.Prefix
	except []netip.Prefix
}

// peersOf finds what a policy in namespace names.
func (w world) peersOf(namespace string, list []networkingv1.NetworkPolicyPeer) peers {
	found := peers{everybody: len(list) == 0}
	for _, one := range w.endpoints {
		if slices.ContainsFunc(list, func(peer networkingv1.NetworkPolicyPeer) bool {
			return w.isPeer(one, namespace, peer)
		}) {
			found.pods = append(found.pods, one)
		}
	}
	for _, peer := range list {
		if peer.IPBlock == nil {
			continue
		}
		if one, err := parseBlock(*peer.IPBlock); err == nil {
			found.blocks = append(found.blocks, one)
		}
	}
	return found
}

// isPeer tells whether selectors name the pod: without a namespaceSelector in
// the policy's own namespace, without a podSelector whatever its labels.
func (w world) isPeer(one *endpoint, namespace string, peer networkingv1.NetworkPolicyPeer) bool {
	switch {
	case peer.PodSelector == nil && peer.NamespaceSelector == nil:
		return false
	case peer.NamespaceSelector == nil && one.namespace != namespace:
		return false
	case peer.NamespaceSelector != nil && !selects(peer.NamespaceSelector, w.namespaces[one.namespace]):
		return false
	}
	return peer.PodSelector == nil || selects(peer.PodSelector, one.labels)
}

// parseBlock reads what the API server has checked already.
func parseBlock(written networkingv1.IPBlock) (block, error) {
	cidr, err := netip.ParsePrefix(written.CIDR)
	if err != nil {
		return block{}, err
	}
	one := block{cidr: cidr.Masked()}
	for _, text := range written.Except {
		hole, err := netip.ParsePrefix(text)
		if err != nil {
			return block{}, err
		}
		one.except = append(one.except, hole.Masked())
	}
	return one, nil
}

// matches are expressions of nft for a packet with one of the peers in an
// address field (saddr or daddr): a set of pods for each family, and ranges.
func (p peers) matches(name string) []string {
	if p.everybody {
		return []string{""}
	}
	sets := map[string][]string{}
	for _, pod := range p.pods {
		for _, address := range pod.addresses {
			sets[field(address, name)] = append(sets[field(address, name)], address.String())
		}
	}
	var found []string
	for _, key := range []string{"ip " + name, "ip6 " + name} {
		if len(sets[key]) > 0 {
			found = append(found, fmt.Sprintf("%s { %s }", key, strings.Join(sets[key], ", ")))
		}
	}
	for _, one := range p.blocks {
		key := field(one.cidr.Addr(), name)
		match := fmt.Sprintf("%s %s", key, one.cidr)
		for _, hole := range one.except {
			match += fmt.Sprintf(" %s != %s", key, hole)
		}
		found = append(found, match)
	}
	return found
}

// hold tells whether an address of a pod is among the peers.
func (p peers) hold(pod *endpoint, address netip.Addr) bool {
	return p.everybody || slices.Contains(p.pods, pod) || slices.ContainsFunc(p.blocks, func(one block) bool {
		return one.cidr.Contains(address) &&
			!slices.ContainsFunc(one.except, func(hole netip.Prefix) bool { return hole.Contains(address) })
	})
}

// field is the name of an address field of a packet, such as `ip6 saddr`.
func field(address netip.Addr, name string) string {
	if address.Is4() {
		return "ip " + name
	}
	return "ip6 " + name
}

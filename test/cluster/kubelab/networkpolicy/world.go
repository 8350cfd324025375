// Package networkpolicy enforces networking.k8s.io/v1 NetworkPolicy objects on
// the pods of one node with nftables.
package networkpolicy

import (
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// State is what the API server says, as far as policies need it.
type State struct {
	Pods       []*corev1.Pod
	Namespaces []*corev1.Namespace
	Policies   []*networkingv1.NetworkPolicy
}

// world is the state with everything in a fixed order, so that the same state
// always gives the same rules.
type world struct {
	endpoints  []*endpoint
	namespaces map[string]labels.Set
	policies   []*networkingv1.NetworkPolicy
}

// endpoint is a pod that has addresses of its own.
type endpoint struct {
	namespace, name, node string
	labels                labels.Set
	addresses             []netip.Addr
	ports                 []corev1.ContainerPort
}

func newWorld(state State) world {
	w := world{endpoints: endpoints(state.Pods), namespaces: map[string]labels.Set{}}
	for _, namespace := range state.Namespaces {
		w.namespaces[namespace.Name] = namespace.Labels
	}
	w.policies = slices.SortedFunc(slices.Values(state.Policies), func(a, b *networkingv1.NetworkPolicy) int {
		return strings.Compare(a.Namespace+"/"+a.Name, b.Namespace+"/"+b.Name)
	})
	return w
}

// endpoints leaves out pods on their node's network, which policies don't
// concern, and finished ones, whose addresses may be another pod's by now. An
// address that two pods claim is the younger one's.
func endpoints(pods []*corev1.Pod) []*endpoint {
	youngest := slices.SortedStableFunc(slices.Values(pods), func(a, b *corev1.Pod) int {
		return b.CreationTimestamp.Compare(a.CreationTimestamp.Time)
	})
	taken := map[netip.Addr]bool{}
	var found []*endpoint
	for _, pod := range youngest {
		finished := pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
		if pod.Spec.HostNetwork || finished {
			continue
		}
		one := &endpoint{namespace: pod.Namespace, name: pod.Name, node: pod.Spec.NodeName, labels: pod.Labels}
		for _, container := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
			one.ports = append(one.ports, container.Ports...)
		}
		for _, ip := range pod.Status.PodIPs {
			if address, err := netip.ParseAddr(ip.IP); err == nil && !taken[address] {
				taken[address] = true
				one.addresses = append(one.addresses, address)
			}
		}
		if len(one.addresses) > 0 {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b *endpoint) int {
		return strings.Compare(a.namespace+"/"+a.name, b.namespace+"/"+b.name)
	})
	return found
}

// portsNamed are the numbers that the pod's containers give a port name;
// protocol is in small letters.
func (e *endpoint) portsNamed(name, protocol string) []int32 {
	var numbers []int32
	for _, port := range e.ports {
		if port.Name == name && strings.EqualFold(string(port.Protocol), protocol) {
			numbers = append(numbers, port.ContainerPort)
		}
	}
	return numbers
}

func selects(selector *metav1.LabelSelector, set labels.Set) bool {
	compiled, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && compiled.Matches(set)
}

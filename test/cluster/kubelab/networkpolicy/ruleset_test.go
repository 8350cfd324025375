package networkpolicy

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// The node's own pod is shop/web; the others are on another node.
func testState(specs ...string) State {
	state := State{
		Namespaces: []*corev1.Namespace{
			{ObjectMeta: metav1.ObjectMeta{Name: "shop"}},
			{ObjectMeta: metav1.ObjectMeta{Name: "ops", Labels: map[string]string{"team": "ops"}}},
		},
		Pods: []*corev1.Pod{
			testPod("shop", "web", "here", "10.0.0.1", "fd00::1"),
			testPod("shop", "cart", "there", "10.0.1.2", "fd00::2"),
			testPod("ops", "web", "there", "10.0.1.3", "fd00::3"),
			testPod("ops", "watch", "there", "10.0.1.4"),
		},
	}
	for index, spec := range specs {
		policy := &networkingv1.NetworkPolicy{}
		policy.Namespace, policy.Name = "shop", "p"+string(rune('0'+index))
		if err := yaml.UnmarshalStrict([]byte(spec), &policy.Spec); err != nil {
			panic(err)
		}
		state.Policies = append(state.Policies, policy)
	}
	return state
}

func testPod(namespace, name, node string, addresses ...string) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Namespace: namespace, Name: name, Labels: map[string]string{"app": name},
	}}
	pod.Spec.NodeName = node
	pod.Spec.Containers = []corev1.Container{{Ports: []corev1.ContainerPort{
		{Name: "http", ContainerPort: 8080, Protocol: corev1.ProtocolTCP},
		{Name: "names", ContainerPort: 5300, Protocol: corev1.ProtocolUDP},
	}}}
	for _, address := range addresses {
		pod.Status.PodIPs = append(pod.Status.PodIPs, corev1.PodIP{IP: address})
	}
	return pod
}

// chainOf gives what shop/web lets pass in a direction, without what every
// chain has; nil when it has no chain.
func chainOf(ruleset, direction string) []string {
	_, rest, found := strings.Cut(ruleset, "-"+direction+" {\n")
	if !found {
		return nil
	}
	body, _, _ := strings.Cut(rest, "\t\tdrop\n")
	lines := []string{}
	for _, line := range strings.Split(strings.TrimSpace(body), "\n")[3:] {
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

func TestRuleset(t *testing.T) {
	p0 := func(match string) string { return strings.TrimSpace(match + ` return comment "shop/p0"`) }
	nothing := []string{}
	cases := []struct {
		name            string
		specs           []string
		ingress, egress []string
	}{
		{"no policy", nil, nil, nil},
		{"another pod's policy", []string{`{podSelector: {matchLabels: {app: cart}}}`}, nil, nil},
		{"a policy without types or rules", []string{`{podSelector: {}}`}, nothing, nil},
		{"a policy without types, with rules for egress", []string{`{podSelector: {}, egress: [{}]}`}, nothing, []string{p0("")}},
		{"only egress", []string{`{podSelector: {}, policyTypes: [Egress]}`}, nil, nothing},
		{"both, nothing allowed", []string{`{podSelector: {}, policyTypes: [Ingress, Egress]}`}, nothing, nothing},
		{"a rule without peers or ports", []string{`{podSelector: {}, ingress: [{}]}`}, []string{p0("")}, nil},
		{
			"pods of the policy's namespace", []string{`{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}`},
			[]string{p0("ip saddr { 10.0.1.2, 10.0.0.1 }"), p0("ip6 saddr { fd00::2, fd00::1 }")}, nil,
		},
		{
			"all namespaces", []string{`{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}`},
			[]string{
				p0("ip saddr { 10.0.1.4, 10.0.1.3, 10.0.1.2, 10.0.0.1 }"), p0("ip6 saddr { fd00::3, fd00::2, fd00::1 }"),
			}, nil,
		},
		{
			"some pods of some namespaces",
			[]string{`{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}, podSelector: {matchLabels: {app: watch}}}]}]}`},
			[]string{p0("ip saddr { 10.0.1.4 }")}, nil,
		},
		{
			"either of two peers",
			[]string{`{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}}, {podSelector: {matchLabels: {app: cart}}}]}]}`},
			[]string{p0("ip saddr { 10.0.1.4, 10.0.1.3, 10.0.1.2 }"), p0("ip6 saddr { fd00::3, fd00::2 }")}, nil,
		},
		{
			"a peer that names no pod", []string{`{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: none}}}]}]}`},
			nothing, nil,
		},
		{
			"expressions", []string{`{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [cart]}]}, ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: Exists}]}, namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}]}]}`},
			[]string{p0("ip saddr { 10.0.1.2, 10.0.0.1 }"), p0("ip6 saddr { fd00::2, fd00::1 }")}, nil,
		},
		{
			"address ranges", []string{`{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.9/8, 10.1.0.0/16]}}, {ipBlock: {cidr: "::/0"}}]}]}`},
			nil, []string{p0("ip daddr 0.0.0.0/0 ip daddr != 10.0.0.0/8 ip daddr != 10.1.0.0/16"), p0("ip6 daddr ::/0")},
		},
		{
			"ports", []string{`{podSelector: {}, ingress: [{ports: [{port: 80}, {protocol: UDP, port: 8000, endPort: 8100}, {protocol: SCTP}]}]}`},
			[]string{p0("tcp dport 80"), p0("udp dport 8000-8100"), p0("meta l4proto sctp")}, nil,
		},
		{
			"a peer and a port", []string{`{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}], ports: [{protocol: SCTP, port: 80}]}]}`},
			[]string{p0("ip saddr { 10.0.1.2 } sctp dport 80"), p0("ip6 saddr { fd00::2 } sctp dport 80")}, nil,
		},
		{
			"a named port of the pod itself", []string{`{podSelector: {}, ingress: [{ports: [{port: http}, {port: names}, {protocol: UDP, port: names}]}]}`},
			[]string{p0("tcp dport 8080"), p0("udp dport 5300")}, nil,
		},
		{
			"a named port of peers", []string{`{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: cart}}}, {ipBlock: {cidr: 10.0.1.0/24, except: [10.0.1.4/32]}}], ports: [{port: http}]}]}`},
			nil, []string{p0("ip daddr 10.0.1.3 tcp dport 8080"), p0("ip daddr 10.0.1.2 tcp dport 8080"), p0("ip6 daddr fd00::2 tcp dport 8080")},
		},
		{
			"the union of policies", []string{`{podSelector: {}}`, `{podSelector: {}, ingress: [{ports: [{port: 1}]}]}`, `{podSelector: {}, ingress: [{ports: [{port: 2}]}]}`},
			[]string{`tcp dport 1 return comment "shop/p1"`, `tcp dport 2 return comment "shop/p2"`}, nil,
		},
	}
	for _, one := range cases {
		t.Run(one.name, func(t *testing.T) {
			ruleset := Ruleset("here", testState(one.specs...))
			for direction, want := range map[string][]string{"ingress": one.ingress, "egress": one.egress} {
				got := chainOf(ruleset, direction)
				if (got == nil) != (want == nil) || !slices.Equal(got, want) {
					t.Errorf("%s is %q, want %q", direction, got, want)
				}
			}
			check(t, ruleset)
		})
	}
}

// check lets nft read a ruleset in a network namespace of its own.
func check(t *testing.T, ruleset string) {
	t.Helper()
	command := exec.Command("unshare", "--net", "nft", "-f", "-")
	command.Stdin = strings.NewReader(ruleset + ruleset)
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("nft: %v: %s\n%s", err, output, ruleset)
	}
}

func TestWhole(t *testing.T) {
	got := Ruleset("here", testState(`{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}]}]}`))
	want := `add table inet network_policy
delete table inet network_policy
table inet network_policy {
	chain pod-3-ingress {
		comment "shop/web"
		ip saddr 10.0.0.1 return
		ip6 saddr fd00::1 return
		ip saddr { 10.0.1.2 } return comment "shop/p0"
		ip6 saddr { fd00::2 } return comment "shop/p0"
		drop
	}
` + forward + `		ip daddr vmap { 10.0.0.1 : jump pod-3-ingress }
		ip6 daddr vmap { fd00::1 : jump pod-3-ingress }
	}
}
`
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestPodsLeftOut(t *testing.T) {
	state := testState(`{podSelector: {}}`)
	host, done, bare := state.Pods[0].DeepCopy(), state.Pods[0].DeepCopy(), testPod("shop", "bare", "here")
	host.Name, host.Spec.HostNetwork = "host", true
	done.Name, done.Status.Phase = "done", corev1.PodSucceeded
	state.Pods = []*corev1.Pod{host, done, bare}
	if got := Ruleset("here", state); chainOf(got, "ingress") != nil {
		t.Errorf("a pod that is left out has a chain: %s", got)
	}
}

func TestAddressOfTwoPods(t *testing.T) {
	state := testState(`{podSelector: {matchLabels: {app: young}}}`)
	young := testPod("shop", "young", "here", "10.0.0.1")
	young.CreationTimestamp = metav1.NewTime(time.Unix(1000, 0))
	state.Pods = append(state.Pods, young)
	got := Ruleset("here", state)
	if !strings.Contains(got, "ip daddr vmap { 10.0.0.1 : jump pod-4-ingress }") {
		t.Errorf("the address is not the younger pod's: %s", got)
	}
	check(t, got)
}

func TestLongNames(t *testing.T) {
	state := testState(`{podSelector: {}, ingress: [{}]}`)
	state.Policies[0].Name = strings.Repeat("a", 253)
	check(t, Ruleset("here", state))
}

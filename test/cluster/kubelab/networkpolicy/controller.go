package networkpolicy

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	// Changes that come together are written together.
	gather = 50 * time.Millisecond
	// After a failure the same rules are tried again.
	again = time.Second
)

// NewCommand is the controller of one node. It makes the file `--ready` when
// the first rules stand.
func NewCommand() *cobra.Command {
	var kubeconfig, node, ready string
	command := &cobra.Command{
		Use:          "network-policy",
		Short:        "Enforces network policies on the pods of a node",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			return enforce(command.Context(), client, node, func() error { return os.WriteFile(ready, nil, 0o644) })
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "how to reach the API server")
	command.Flags().StringVar(&node, "node", "", "name of this node")
	command.Flags().StringVar(&ready, "ready", "", "file to make when the first rules stand")
	return command
}

// enforce keeps the node's table as the API server's objects ask for.
func enforce(ctx context.Context, client kubernetes.Interface, node string, ready func() error) error {
	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods()
	namespaces := factory.Core().V1().Namespaces()
	policies := factory.Networking().V1().NetworkPolicies()
	changed := make(chan struct{}, 1)
	notify := func() {
		select {
		case changed <- struct{}{}:
		default: // A run that sees this change is due already.
		}
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { notify() },
		UpdateFunc: func(_, _ any) { notify() },
		DeleteFunc: func(any) { notify() },
	}
	for _, informer := range []cache.SharedIndexInformer{pods.Informer(), namespaces.Informer(), policies.Informer()} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	factory.Start(ctx.Done())
	for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return fmt.Errorf("could not list %v", kind)
		}
	}
	inForce := ""
	for notify(); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
		time.Sleep(gather)
		state, err := stateOf(pods.Lister().List, namespaces.Lister().List, policies.Lister().List)
		if err != nil {
			return err
		}
		rules := Ruleset(node, state)
		if rules == inForce {
			continue
		}
		if err := load(ctx, rules); err != nil {
			log.Printf("could not load the rules: %v", err)
			time.AfterFunc(again, notify)
			continue
		}
		if inForce == "" {
			if err := ready(); err != nil {
				return err
			}
		}
		inForce = rules
		log.Printf("rules for %d policies and %d pods are in force", len(state.Policies), len(state.Pods))
	}
}

type lister[T any] func(labels.Selector) ([]T, error)

func stateOf(
	pods lister[*corev1.Pod],
	namespaces lister[*corev1.Namespace],
	policies lister[*networkingv1.NetworkPolicy],
) (state State, err error) {
	if state.Pods, err = pods(labels.Everything()); err != nil {
		return state, err
	}
	if state.Namespaces, err = namespaces(labels.Everything()); err != nil {
		return state, err
	}
	state.Policies, err = policies(labels.Everything())
	return state, err
}

// load hands rules to nft, which takes all of them in one transaction or none.
func load(ctx context.Context, rules string) error {
	command := exec.CommandContext(ctx, "nft", "-f", "-")
	command.Stdin = strings.NewReader(rules)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("nft: %w: %s", err, output)
	}
	return nil
}

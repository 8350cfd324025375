import { splitApiVersion } from '../../cluster/path.ts';
import { objectName, podUidLabel } from '../names.ts';
import type { OwnObject } from './own-object.ts';

/** Networks with policies of their own that beat what others allow. */
export const networks = ['cilium', 'calico'] as const;
export type Network = (typeof networks)[number];

/** Where the deny policies of each network lie. */
export const networkKinds: Readonly<
  Record<Network, { readonly apiVersion: string; readonly resource: string }>
> = {
  cilium: { apiVersion: 'cilium.io/v2', resource: 'ciliumnetworkpolicies' },
  calico: { apiVersion: 'projectcalico.org/v3', resource: 'networkpolicies' },
};

/** The group of the API by which a network is known. */
export function groupOf(network: Network): string {
  return splitApiVersion(networkKinds[network].apiVersion).group;
}

/** A pod as far as it is denied. */
export interface Denied {
  readonly namespace: string;
  readonly uid: string;
}

/** A policy that selects this one pod by our own label and allows nothing in either direction. */
export function networkPolicy(pod: Denied): OwnObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(pod),
    spec: { podSelector: { matchLabels: { [podUidLabel]: pod.uid } }, policyTypes: ['Ingress', 'Egress'] },
  };
}

/** The same for a network that has policies of its own. */
export function denyPolicy(network: Network, pod: Denied): OwnObject {
  return network === 'cilium' ? ciliumPolicy(pod) : calicoPolicy(pod);
}

/**
 * Deny rules beat every allow rule, those of network policies too (Cilium, "Deny Policies"). A denied `host` would beat the
 * exception for the kubelet's probes, so what comes in is denied by everything but `host`, `all` and `cluster`, which hold it.
 */
function ciliumPolicy(pod: Denied): OwnObject {
  const anyPod = { matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] };
  return {
    apiVersion: networkKinds.cilium.apiVersion,
    kind: 'CiliumNetworkPolicy',
    metadata: metadataOf(pod),
    spec: {
      endpointSelector: { matchLabels: { [podUidLabel]: pod.uid } },
      ingressDeny: [
        { fromEndpoints: [anyPod] },
        { fromEntities: ['world', 'remote-node', 'unmanaged', 'init'] },
      ],
      egressDeny: [{ toEntities: ['all'] }],
    },
  };
}

/**
 * The policy of the lowest order is looked at first, and a Deny ends it (Calico, "Network policy"). Earlier tiers come before.
 * Traffic of the node itself to its pods, such as the kubelet's probes, is not subject to it.
 */
function calicoPolicy(pod: Denied): OwnObject {
  return {
    apiVersion: networkKinds.calico.apiVersion,
    kind: 'NetworkPolicy',
    metadata: metadataOf(pod),
    spec: {
      order: -1_000_000,
      selector: `${podUidLabel} == '${pod.uid}'`,
      types: ['Ingress', 'Egress'],
      ingress: [{ action: 'Deny' }],
      egress: [{ action: 'Deny' }],
    },
  };
}

function metadataOf({ namespace, uid }: Denied): OwnObject['metadata'] {
  return { name: objectName(uid), namespace, labels: { [podUidLabel]: uid } };
}

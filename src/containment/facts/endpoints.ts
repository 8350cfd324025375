import type { EndpointSlice } from '../../cluster/objects.ts';

/** Label that names the Service of an EndpointSlice (Kubernetes, "EndpointSlices", Ownership). */
const serviceLabel = 'kubernetes.io/service-name';

/** Ready endpoints of a Service; an endpoint that does not say so counts as ready (discovery.k8s.io/v1, EndpointConditions). */
export function readyEndpoints(
  service: string,
  slices: readonly EndpointSlice[],
  pod: { readonly uid: string },
): { readonly here: boolean; readonly elsewhere: number } {
  const ready = slices
    .filter(({ metadata }) => metadata?.labels?.[serviceLabel] === service)
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false);
  // A Service with two address families has two slices with the same pods.
  const names = new Set(ready.map(({ targetRef, addresses }) => targetRef?.uid ?? addresses.join(',')));
  return { here: names.delete(pod.uid), elsewhere: names.size };
}

import type { JsonObject } from '../../../src/artifacts/json.ts';
import type { ControlFacts, ReviewedPod } from '../../../src/incident/controls/control.ts';

/** A pod of deployment/shop whose one container has `container` beside name and image. */
export function shopFacts(
  container: JsonObject = {},
  spec: JsonObject = {},
  more: Partial<ControlFacts> & { readonly controller?: ReviewedPod['controller'] | null } = {},
): ControlFacts {
  const { controller = { kind: 'Deployment', name: 'shop' }, ...facts } = more;
  return {
    pod: {
      ...{ namespace: 'prod', name: 'shop-1-x', labels: { app: 'shop', 'pod-template-hash': '1' } },
      spec: { containers: [{ name: 'web', image: 'registry.example:5000/shop:1', ...container }], ...spec },
      status: {
        containerStatuses: [{ name: 'web', imageID: `registry.example:5000/shop@sha256:${'a'.repeat(64)}` }],
      },
      ...(controller === null ? {} : { controller }),
    },
    ...facts,
  };
}

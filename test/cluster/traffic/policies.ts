import type { Io } from '../../../src/output/io.ts';
import { send } from '../api.ts';
import type { Layout } from '../layout.ts';
import { until } from './pods.ts';
import type { Result } from './protocol.ts';
import type { World } from './world.ts';

const path = (namespace: string): string =>
  `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;

/** Makes a NetworkPolicy; a field that the API does not know is an error. */
export async function makePolicy(
  layout: Layout,
  namespace: string,
  name: string,
  spec: object,
): Promise<void> {
  await send(layout, 'POST', `${path(namespace)}?fieldValidation=Strict`, { metadata: { name }, spec });
}

/** Deletes the policies of a namespace. */
export async function deletePolicies(layout: Layout, namespace: string): Promise<void> {
  await send(layout, 'DELETE', path(namespace));
}

/**
 * Tells when all that was written before is in force on every node, by traffic, as one must on any cluster: a policy
 * that is made last lets a port of the `signal` pods be reached that none did before. Nobody listens on it, so an
 * attempt is then refused by the pod instead of staying without an answer.
 */
export class Signals {
  private readonly layout: Layout;
  private readonly world: World;
  private readonly io: Io;
  private port = 20_000;

  private constructor(layout: Layout, world: World, io: Io) {
    this.layout = layout;
    this.world = world;
    this.io = io;
  }

  /** Shuts the `signal` pods. */
  static async start(layout: Layout, world: World, io: Io): Promise<Signals> {
    const signals = new Signals(layout, world, io);
    await makePolicy(layout, 'signal', 'nothing', { podSelector: {} });
    await signals.seen('silent');
    return signals;
  }

  /** Waits until what was written before is in force; returns how long that took, in milliseconds. */
  async inForce(): Promise<number> {
    const begun = this.io.monotonic();
    this.port += 1;
    const spec = { podSelector: {}, ingress: [{ ports: [{ port: this.port }] }] };
    await makePolicy(this.layout, 'signal', `signal-${this.port}`, spec);
    await this.seen('refused');
    return this.io.monotonic() - begun;
  }

  private async seen(outcome: Result['outcome']): Promise<void> {
    const { port } = this;
    for (const { role, node, addresses } of this.world.places) {
      if (role !== 'signal' || node === undefined) continue;
      const from = this.world.host('ops/stranger', node.name);
      await until(this.io, `policies to be in force on ${node.name}`, async () => {
        const [address = ''] = addresses;
        const result = await from.make({ transport: 'tcp', address, port }, 100);
        return result.outcome === outcome ? result : undefined;
      });
    }
  }
}

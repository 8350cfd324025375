import { join } from 'node:path';
import { expect } from 'chai';
import { processIo, writeLine } from '../../src/output/io.ts';
import { renderTable } from '../../src/output/table.ts';
import { cluster, layout, succeed } from './client.ts';
import type { Policy } from './policy.ts';
import { run } from './run.ts';
import { type Connection, connectionsOf, type Tried, tryAll } from './traffic/connection.ts';
import { makePod, running, until } from './traffic/pods.ts';
import { deletePolicies, makePolicy, Signals } from './traffic/policies.ts';
import { recipes } from './traffic/recipes.ts';
import { startWorld, type World } from './traffic/world.ts';

const io = processIo();
const families = [4, 6] as const;
const ways = ['bridge', 'ptp', 'across', 'outside'] as const;

/** Starts a new cluster and what connections are tried between. */
async function startCluster(policy: Policy): Promise<World> {
  await succeed('down');
  await succeed('up', '--policy', policy);
  return startWorld(layout, io);
}

async function stopCluster(world: World): Promise<void> {
  await world.end();
  await succeed('down');
}

/** Of each family and way, how many connections did as they should, and how many there were. */
function cells(tried: readonly Tried[]): string[] {
  return families.flatMap((family) =>
    ways.map((way) => {
      const these = tried.filter(({ connection }) => connection.family === family && connection.way === way);
      const kept = these.filter(({ surprise }) => surprise === undefined);
      return these.length === 0 ? '-' : `${kept.length}/${these.length}`;
    }),
  );
}

/** Prints which recipes were kept: `5/5` are connections that did as they should, of those there were. */
async function printTable(rows: readonly string[][]): Promise<void> {
  const columns = families.flatMap((family) => ways.map((way) => `V${family} ${way.toUpperCase()}`));
  await writeLine(io.stdout, renderTable(['RECIPE', 'OPEN', 'SHUT', ...columns, 'IN FORCE'], rows));
}

function surprises(tried: readonly Tried[]): string[] {
  return tried.flatMap(({ surprise }) => surprise ?? []);
}

describe('NetworkPolicies', function () {
  this.timeout(120_000);
  let world: World;
  const connections = (lines: readonly string[]): Connection[] =>
    lines.flatMap((line) => connectionsOf(line, world.places));

  it('become the rules that a table says, and nft takes them', async function () {
    this.timeout(600_000);
    const source = join(import.meta.dirname, 'kubelab');
    const env = { ...io.env, CGO_ENABLED: '0' };
    // With the build's own flags, so that nothing is compiled again; `vet` looks at everything in the same go.
    const flags = ['-trimpath', '-buildvcs=false', '-vet=all'];
    await run('go', ['test', ...flags, './networkpolicy'], { cwd: source, env });
  });

  describe('on a cluster that enforces them', () => {
    let signals: Signals;
    const rows: string[][] = [];
    before(async function () {
      this.timeout(600_000);
      world = await startCluster('enforce');
      signals = await Signals.start(layout, world, io);
    });
    afterEach(async () => {
      await deletePolicies(layout, 'shop');
      await signals.inForce();
    });
    after(async () => {
      await printTable(rows);
      await stopCluster(world);
    });

    for (const recipe of recipes) {
      it(recipe.name, async () => {
        const [open, shut] = [connections(recipe.open), connections(recipe.shut)];
        expect(surprises(await tryAll([...open, ...shut], 'open')), 'before').to.deep.equal([]);
        for (const [index, spec] of recipe.policies.entries()) {
          await makePolicy(layout, 'shop', `p${index}`, spec);
        }
        const ms = await signals.inForce();
        const tried = (await Promise.all([tryAll(open, 'open'), tryAll(shut, 'shut')])).flat();
        rows.push([
          recipe.name,
          `${open.length}`,
          `${shut.length}`,
          ...cells(tried),
          `${(ms / 1000).toFixed(1)}s`,
        ]);
        expect(surprises(tried)).to.deep.equal([]);
      });
    }

    it('cover a pod that starts while they stand, after a moment', async () => {
      await makePolicy(layout, 'shop', 'late', { podSelector: {}, policyTypes: ['Egress'] });
      await signals.inForce();
      const late = await Promise.all(['node-a', 'node-b'].map((node) => startCaller(world, node)));
      for (const { node, coveredAfter } of late) {
        const ms = await coveredAfter();
        await writeLine(
          io.stdout,
          `      a new pod on ${node} was covered ${ms} ms after its first connection`,
        );
        expect(ms).to.be.below(10_000);
      }
      const covered = await Promise.all(late.map(({ lastSeen }) => lastSeen()));
      await deletePolicies(layout, 'shop');
      for (const [index, { node, lastSeen }] of late.entries()) {
        await until(io, `the new pod on ${node} to go on without the policy`, async () =>
          (await lastSeen()) === covered[index] ? undefined : true,
        );
      }
    });

    it('let established flows go on, in which nothing new may begin', async () => {
      const both = ['cart -> web', 'cart -> web udp/5300', 'stranger -> cart', 'stranger -> cart udp/5300'];
      const flows = connections(both);
      for (const { from, attempt: how, text } of flows) await from.hold(how, text);
      const spec = { podSelector: { matchLabels: { app: 'cart' } }, policyTypes: ['Ingress', 'Egress'] };
      await makePolicy(layout, 'shop', 'deny', spec);
      await signals.inForce();
      expect(surprises(await tryAll(flows, 'shut'))).to.deep.equal([]);
      const before = await arrivedBytes(world);
      await io.sleep(2000);
      const after = await arrivedBytes(world);
      const grown = flows.map(
        ({ text }) => [text, (after.get(text) ?? 0) - (before.get(text) ?? 0)] as const,
      );
      await writeLine(
        io.stdout,
        renderTable(
          ['FLOW', 'BYTES IN 2S AT THE FAR END'],
          grown.map(([text, bytes]) => [text, `${bytes}`]),
        ),
      );
      expect(grown.filter(([, bytes]) => bytes === 0)).to.deep.equal([]);
      expect(grown).to.have.length(32);
    });

    it('stay as the cluster was started: another kind is refused', async () => {
      const other = await cluster(['up', '--policy', 'none']);
      expect([other.code, other.stderr]).to.deep.equal([
        1,
        'The cluster is up with --policy enforce, not none\nEnd it first: npm run cluster -- down\n',
      ]);
      expect((await cluster(['up', '--policy', 'some'])).stderr).to.equal(
        '--policy takes one of enforce none\n',
      );
      expect(await succeed('status')).to.match(/^policies {4}enforced$/m);
    });
  });

  describe('on a cluster that does not enforce them', () => {
    before(async function () {
      this.timeout(600_000);
      world = await startCluster('none');
    });
    after(() => stopCluster(world));

    it('are accepted, and everything stays open', async () => {
      for (const [number, { policies }] of recipes.entries()) {
        for (const [index, spec] of policies.entries()) {
          await makePolicy(layout, 'shop', `p${number}-${index}`, spec);
        }
      }
      // A cluster that enforces them takes a tenth of this.
      await io.sleep(2000);
      const rows: string[][] = [];
      const closed: string[] = [];
      for (const { name, open, shut } of recipes) {
        const tried = await tryAll(connections([...open, ...shut]), 'open');
        rows.push([name, `${tried.length}`, '0', ...cells(tried)]);
        closed.push(...surprises(tried));
      }
      await printTable(rows);
      expect(closed).to.deep.equal([]);
      expect(await succeed('status')).to.match(/^policies {4}accepted, not enforced$/m);
    });
  });
});

/** A pod that connects to another on its node, over and over, from its first instruction. */
interface Caller {
  readonly node: string;
  /** When it last got through, by the clock of the other. */
  readonly lastSeen: () => Promise<number | undefined>;
  /** Waits until it gets through no more; returns how long it did, in milliseconds. */
  readonly coveredAfter: () => Promise<number>;
}

async function startCaller(world: World, node: string): Promise<Caller> {
  const peer = world.host('ops/cart', node);
  const line = `while :; do nc -w 1 ${peer.addresses[0]} 8080 </dev/null; sleep 0.02; done`;
  const plan = { namespace: 'shop', name: `late-${node}`, node, command: ['sh', '-c', line] };
  await makePod(layout, plan);
  const { addresses } = await running(layout, plan, io);
  const seen = async (): Promise<{ first: number; last: number } | undefined> =>
    (await peer.arrived()).connected[addresses[0] ?? ''];
  return {
    node,
    lastSeen: async () => (await seen())?.last,
    coveredAfter: () =>
      until(io, `${plan.name} to be covered`, async () => {
        const before = await seen();
        await io.sleep(2000);
        const now = await seen();
        return now?.last === before?.last ? (now?.last ?? 0) - (now?.first ?? 0) : undefined;
      }),
  };
}

/** Bytes of all flows by their names, as counted where they arrive. */
async function arrivedBytes({ places }: World): Promise<Map<string, number>> {
  const hosts = new Set(places.flatMap(({ host }) => host ?? []));
  const counts = await Promise.all([...hosts].map((host) => host.arrived()));
  return new Map(counts.flatMap(({ bytes }) => Object.entries(bytes)));
}

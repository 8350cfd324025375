import { spawn } from 'node:child_process';
import { expect } from 'chai';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Isolation } from '../../src/containment/isolation.ts';
import { layout } from '../../src/evidence/layout.ts';
import { processIo } from '../../src/output/io.ts';
import { amountOf } from '../support/amounts.ts';
import { measured } from '../support/figures.ts';
import { image, imageOf, type ImageName, nodeShell, twoNodes } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { expectNoRestart, startProbed, stopProbed } from './support/probed.ts';
import { type Flow, type Seen, TalkLab } from './support/talk.ts';
import { ours } from './support/traces.ts';
import { removeNamespaces } from './support/workload.ts';
import { eventually, kubectl, kubectlIr, nodeNames, onNode } from './support/world.ts';

const io = processIo();
const nodes = await nodeNames();
const [first = '', second = ''] = nodes;
const levels: readonly { readonly image: ImageName; readonly level: RegExp }[] = [
  { image: 'collector-full', level: /^nft full$/ },
  { image: 'collector-old', level: /^nft without egress$/ },
  { image: 'collector', level: /^busybox (routed|bridge)$/ },
];
/** The clock of files and that of frames may differ by a tick. */
const tickMs = 20;
/** Long enough for a TCP connection to try again and for everything that is new to be tried several times. */
const silenceMs = 2_500;

/** One isolation and what the captures say of it. */
interface Trial {
  readonly lab: TalkLab;
  readonly isolation: Isolation;
  /** When the node had the cut, and when the layer in the pod, by the case's chain of custody, Unix milliseconds. */
  readonly cut: number;
  readonly inside: number;
  /** When the captures saw each flow last, Unix milliseconds; 0 for one that was not seen. */
  readonly last: ReadonlyMap<string, number>;
  /** The same for what sockets of the suspect got. */
  readonly got: ReadonlyMap<string, number>;
}

describe('isolation, against a capture on the other side', function () {
  requires(this, image('collector-full'), image('toolbox'), nodeShell(), twoNodes(nodes));
  this.timeout(180_000);
  const labs = [new TalkLab(first, second), new TalkLab(second, first)];
  let dir: string;
  let count = 0;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-proof-'));
    await Promise.all([startProbed(nodes, dir), ...labs.map((lab) => lab.start())]);
    for (const lab of labs) await untilAllFlow(lab);
  });
  after(async () => {
    for (const lab of labs) lab.stop();
    await Promise.all([
      stopProbed(),
      ...labs.map((lab) => ir(['release', 'suspect', '--yes'], lab, 'collector-full')),
    ]);
    await removeNamespaces(...labs.map((lab) => lab.namespace));
    await rm(dir, { recursive: true, force: true });
  });

  for (const { image: name, level } of levels)
    for (let run = 1; run <= amountOf('proofs'); run += 1)
      it(`${name}, run ${run}: what the captures see and what the verdict says are the same`, async () => {
        try {
          const trials = await Promise.all(labs.map((lab) => tryIsolation(lab, name)));
          for (const trial of trials) {
            expect(trial.isolation.level).to.match(level);
            if (name === 'collector') expectLimits(trial);
            else expectSilence(trial);
          }
        } finally {
          await Promise.all(labs.map((lab) => releaseAll(lab, name)));
        }
      });

  it('says LEAKS and names the flows when one of the layers is taken away behind its back', async () => {
    const [cut, inside] = labs as [TalkLab, TalkLab];
    await Promise.all([
      expectLeak(
        cut,
        (uid) => `nft delete table netdev ir-cut-${uid}`,
        /^LEAKS .* still exchanges data$/m,
        /^udp .*:7001 .* in 1s .* it passes the link although the link is cut/m,
      ),
      expectLeak(
        inside,
        (uid) => `pid=$(grep -ls ${uid} /proc/[0-9]*/cgroup | head -n 1 | cut -d / -f 3)
          nsenter -t $pid -n nft delete table netdev ir-inside-${uid}`,
        /^LEAKS .* gets past one of its two layers$/m,
        /^new tcp pod -> kubelet of its node .* packets on the link, none beyond it/m,
      ),
    ]);
  });

  it('keeps probed containers alive: by http, tcp, exec and grpc, none restarted in 60 s', async () => {
    await expectNoRestart(60_000);
  });

  /** Isolates and watches, has a layer removed on the node, and waits for what is said then. */
  async function expectLeak(
    lab: TalkLab,
    removal: (uid: string) => string,
    ...wanted: readonly RegExp[]
  ): Promise<void> {
    const uid = await uidOf(lab);
    const words = ['ir', 'isolate', 'suspect', '--yes', '--watch', '--case', join(dir, `leak-${lab.node}`)];
    const where = ['-n', lab.namespace, '--collector-image', imageOf('collector-full')];
    const child = spawn('kubectl', [...words, ...where], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    try {
      await eventually(`the verdict on ${lab.node}`, () => Promise.resolve(/^HOLDS /m.test(said)));
      const removed = await onNode(lab.node, removal(uid));
      expect(removed.code, removed.stderr).to.equal(0);
      await eventually(`a leak on ${lab.node}`, () => Promise.resolve(wanted.every((one) => one.test(said))));
    } catch (error) {
      throw new Error(`what was said: ${said}`, { cause: error });
    } finally {
      child.kill('SIGINT');
      expect(await ended, said).to.equal(130);
    }
    expect(said).to.match(/what still stands: .*the cut of/);
    await releaseAll(lab, 'collector-full');
  }

  async function tryIsolation(lab: TalkLab, name: ImageName): Promise<Trial> {
    const directory = join(dir, String((count += 1)));
    const done = await ir(['isolate', 'suspect', '--yes', '-o', 'json', '--case', directory], lab, name);
    expect([0, 3, 4], done.stderr).to.include(done.code);
    const isolation = JSON.parse(done.stdout) as Isolation;
    await io.sleep(silenceMs);
    const custody = (await readFile(join(directory, layout.custody), 'utf8')).split('\n');
    const [cut, inside] = ['"cut done"', '"inside done"'].map((act) => {
      const { time } = JSON.parse(custody.find((one) => one.includes(act)) ?? '{}') as { time: string };
      return Date.parse(time);
    });
    const { clock, actions } = isolation;
    const node = actions.find(({ kind }) => kind === 'cut')?.nodeSeconds ?? 0;
    await measured(`${isolation.level}, ${lab.node}: command to cut`, `${(clock.cut ?? 0).toFixed(2)} s`);
    await measured(`${isolation.level}, ${lab.node}: command to verdict`, `${clock.verdict.toFixed(2)} s`);
    await measured(`${isolation.level}, ${lab.node}: the cut itself`, `${Math.round(node * 1000)} ms`);
    const seen = await lab.seen();
    const got = new Map(lab.flows.map(({ name }) => [name, seen.suspect[`got ${name}`]?.last ?? 0]));
    return { lab, isolation, cut: cut ?? 0, inside: inside ?? 0, last: lastOf(lab, seen), got };
  }
});

/** Runs `kubectl ir` on the suspect of a lab. */
function ir(args: readonly string[], lab: TalkLab, name: ImageName): ReturnType<typeof kubectlIr> {
  return kubectlIr([...args, '-n', lab.namespace, '--collector-image', imageOf(name)]);
}

/** HOLDS, and nothing of any flow arrived anywhere once the node had the cut. */
function expectSilence({ lab, isolation, cut, last }: Trial): void {
  const { verdict, reasons, checks } = isolation.verification;
  expect([verdict, ...reasons], JSON.stringify(isolation.leaks)).to.deep.equal(['HOLDS']);
  for (const flow of lab.flows)
    expect(last.get(flow.name), `${flow.name} in ${isolation.level}`).to.be.within(1, cut + tickMs);
  for (const family of ['IPv4', 'IPv6'])
    for (const direction of ['in', 'out'])
      expect(
        checks.some((one) => one.judged && one.family === family && one.direction === direction),
      ).to.equal(true);
}

/**
 * Never HOLDS, and says why. What still arrives is only what the level is said not to hold; what arrives by a socket of
 * the pod's node is named as a leak.
 */
function expectLimits({ lab, isolation, cut, inside, last, got }: Trial): void {
  const { verdict, reasons } = isolation.verification;
  expect(verdict).to.be.oneOf(['LEAKS', 'UNVERIFIED']);
  expect(reasons.join('\n')).to.match(
    /^the level busybox \w+ can't hold traffic between the pod and its own node/m,
  );
  // On a bridge, what the pod sends to a neighbour is stopped by the layer inside alone.
  const stopped = ({ seenBy }: Flow): number =>
    isolation.level === 'busybox bridge' && seenBy === 'near' ? inside : cut;
  const open = lab.flows.filter((flow) => (last.get(flow.name) ?? 0) > stopped(flow) + 1000);
  for (const flow of open) expect(outOfReach(flow, isolation.level), flow.name).to.equal(true);
  // What comes as far as the link of the pod is stopped there by the layer inside, before any socket gets it.
  for (const flow of lab.flows.filter(({ from }) => from === 'near' || from === 'far'))
    expect(got.get(flow.name) ?? 0, `${flow.name} at a socket`).to.be.lessThan(inside + tickMs);
  if (open.some((flow) => flow.seenBy === 'host')) expect(verdict).to.equal('LEAKS');
}

/** Traffic of the node; on a bridge also what a neighbour sends, as far as the pod's link, and frames that the pod itself writes. */
function outOfReach(flow: Flow, level: Isolation['level']): boolean {
  const own = flow.seenBy === 'host' || flow.from === 'host';
  const neighbour = flow.from === 'near' || (flow.kind === 'raw' && flow.seenBy === 'near');
  return own || (level === 'busybox bridge' && neighbour);
}

async function releaseAll(lab: TalkLab, name: ImageName): Promise<void> {
  const uid = await uidOf(lab);
  const done = await ir(['release', 'suspect', '--yes', '--return'], lab, name);
  expect(done.code, done.stderr).to.equal(0);
  expect([...(await ours({ uid })), ...(await rulesOf(lab, uid))]).to.deep.equal([]);
  await untilAllFlow(lab);
}

/** Rules of ours about one pod, on its node and in its network. */
async function rulesOf(lab: TalkLab, uid: string): Promise<string[]> {
  const tag = `fwmark 0x${Number.parseInt(uid.slice(0, 8), 16).toString(16)}/`;
  const look = 'nft list tables; ip rule; ip -6 rule';
  const script = `${look}; pid=$(grep -ls ${uid} /proc/[0-9]*/cgroup | head -n 1 | cut -d / -f 3)
    nsenter -t $pid -n sh -c '${look}'`;
  const { stdout } = await onNode(lab.node, script);
  return stdout.split('\n').filter((line) => line.includes(uid) || line.includes(tag));
}

function uidOf(lab: TalkLab): Promise<string> {
  return kubectl(['get', 'pod', 'suspect', '-n', lab.namespace, '-o', 'jsonpath={.metadata.uid}']);
}

/** Waits until every flow is seen at its other end; throws with those that are not. */
async function untilAllFlow(lab: TalkLab): Promise<void> {
  const since = io.now().getTime();
  let missing: readonly Flow[] = lab.flows;
  await eventually('all flows', async () => {
    const last = lastOf(lab, await lab.seen());
    missing = lab.flows.filter((flow) => (last.get(flow.name) ?? 0) <= since);
    return missing.length === 0;
  }).catch((error: unknown) => {
    throw new Error(`no traffic of ${missing.map((flow) => flow.name).join(', ')}`, { cause: error });
  });
}

/** When each flow was seen last where it is captured. */
function lastOf(lab: TalkLab, seen: Readonly<Record<string, Seen>>): Map<string, number> {
  return new Map(
    lab.flows.map(({ name, seenBy }) => {
      const key = seenBy === 'host' ? `got ${name}` : name;
      return [name, seen[seenBy]?.[key]?.last ?? 0];
    }),
  );
}

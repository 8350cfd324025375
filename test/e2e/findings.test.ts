import { expect } from 'chai';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIo, writeLine } from '../../src/output/io.ts';
import { image, imageOf, nodeShell, twoNodes } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { findingsTable, type Row } from './support/findings-table.ts';
import { foundOf, lineOf, type Told } from './support/indicator.ts';
import { intruders } from './support/expected.ts';
import { indicators } from './support/indicators.ts';
import { notPlanted } from './support/not-planted.ts';
import { ordinary, twinPods, twins } from './support/innocents.ts';
import {
  adminBinding,
  intruderAccounts,
  intruderCommands,
  intruderPods,
  readyIntruders,
} from './support/intruder-pods.ts';
import {
  operatorBinding,
  ordinaryAccounts,
  ordinaryWorkloads,
  rollouts,
} from './support/ordinary-workloads.ts';
import { untilKnownPodsRun } from './support/known-pods.ts';
import { apply, createNamespace, removeNamespaces, untilReady } from './support/workload.ts';
import { eventually, kubectl, kubectlIr, nodeNames, onNode } from './support/world.ts';

interface FindingList {
  readonly items: readonly Told[];
  readonly notJudged: readonly { readonly rule: string; readonly lack: string; readonly reason: string }[];
  readonly incomplete: readonly { readonly rule: string; readonly node: string; readonly reason: string }[];
}

const nodes = await nodeNames();
/** The intruder is on one node; on the other one is what looks alike. */
const [attacked = '', innocent = ''] = nodes;
const rows: Row[] = [];

describe('kubectl ir findings', function () {
  requires(this, image('collector'), image('toolbox'), image('shop'), nodeShell(), twoNodes(nodes));
  this.timeout(900_000);
  let dir: string;
  let clean: FindingList;
  let told: FindingList;
  let pids: ReadonlyMap<string, number>;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-findings-'));
    await untilKnownPodsRun(innocent);
    clean = await judged('clean', [innocent]);
    for (const namespace of [intruders, twins, ordinary]) await createNamespace(namespace);
    await plantOrdinary();
    pids = await plantIntruder();
    told = await judged('attacked', nodes);
  });
  after(async () => {
    await removeNamespaces(intruders, twins, ordinary);
    await kubectl(['delete', 'clusterrolebinding', adminBinding, operatorBinding, '--ignore-not-found']);
    await onNode(attacked, `${await script('intruder')}\nundo`);
    await onNode(innocent, `${await script('innocent')}\nundo`);
    await rm(dir, { recursive: true, force: true });
    if (rows.length > 0) await writeLine(processIo().stdout, findingsTable(rows, notPlanted));
  });

  for (const indicator of indicators)
    it(`finds ${indicator.number === undefined ? '' : `${indicator.number}, `}${indicator.name}`, () => {
      const found = foundOf(indicator, told.items, attacked, pids);
      const falseAlarms = grave(told).filter(
        ({ rule, subject }) => rule === indicator.rule && subject.node === innocent,
      );
      rows.push({ indicator, found, falseAlarms });
      const ofRule = told.items.filter(({ rule }) => rule === indicator.rule);
      expect(
        found,
        ofRule.map((one) => `${lineOf(one)} ${JSON.stringify(one.evidence)}`).join('\n'),
      ).to.have.length.above(0);
      expect(new Set(found.map(({ severity }) => severity))).to.deep.equal(new Set([indicator.severity]));
    });

  it('accuses nobody of twins and ordinary workloads', () => {
    expect(
      grave(told)
        .filter(({ subject }) => subject.node === innocent)
        .map(lineOf),
    ).to.deep.equal([]);
  });
  it('accuses nobody else on the node of the intruder', () => {
    const others = grave(told).filter(
      ({ subject: { node, namespace } }) =>
        node === attacked && namespace !== undefined && ![intruders, 'nowhere'].includes(namespace),
    );
    expect(others.map(lineOf)).to.deep.equal([]);
  });
  it('accuses nobody on a clean node', () => {
    expect(grave(clean).map(lineOf)).to.deep.equal([]);
  });
  it('judges every rule but those of what this kernel has not', () => {
    const notJudged = [...clean.notJudged, ...told.notJudged];
    const rulesThat = (lack: string): Set<string> =>
      new Set(notJudged.filter((one) => one.lack === lack).map(({ rule }) => rule));
    expect([...rulesThat('missing')]).to.deep.equal([]);
    // The kernel of the test cluster may have no modules, a clean node is not compared, and there are two nodes.
    for (const rule of rulesThat('none'))
      expect(rule).to.match(/^(?:hidden-module|module-loader|tainted-kernel)$/);
    for (const rule of rulesThat('not-asked'))
      expect(rule).to.match(
        /^(?:foreign-program-in-container|planted-in-container|program-unlike-other-nodes)$/,
      );
    // Nor what ended while it was looked at.
    const cut = [...clean.incomplete, ...told.incomplete];
    expect(cut.filter(({ reason }) => !reason.includes('the link cannot be read'))).to.deep.equal([]);
  });

  /** What `findings` says of nodes after a full snapshot of each, and a comparison of the drifting pods. */
  async function judged(name: string, of: readonly string[]): Promise<FindingList> {
    const place = join(dir, name);
    const flags = ['--case', place, '--collector-image', imageOf('collector')];
    for (const node of of) {
      const taken = await kubectlIr(['snapshot', 'node', node, '--profile', 'full', ...flags]);
      expect(taken.code, taken.stderr).to.equal(0);
    }
    if (of.includes(attacked))
      for (const namespace of [intruders, twins]) {
        const compared = await kubectlIr(['diff', 'pod', 'drifter', '-n', namespace, ...flags]);
        // As diff(1): 1 is that there are differences.
        expect(compared.code, compared.stderr).to.be.oneOf([0, 1]);
      }
    const { stdout, stderr, code } = await kubectlIr(['findings', place, '-o', 'json']);
    expect(code, stderr).to.be.oneOf([0, 3]);
    return JSON.parse(stdout) as FindingList;
  }
});

/** What weighs high or more. */
function grave({ items }: FindingList): Told[] {
  return items.filter(({ severity }) => severity === 'critical' || severity === 'high');
}

async function plantOrdinary(): Promise<void> {
  await plantOn(innocent, 'innocent');
  await apply(twins, twinPods(innocent, imageOf('toolbox')));
  await apply(ordinary, [...ordinaryAccounts(ordinary), ...ordinaryWorkloads(innocent)]);
  await kubectl(['create', 'job', 'backup', '--from=cronjob/backup', '-n', ordinary]);
  await untilReady(twins, [], 240);
  for (const one of rollouts) await kubectl(['rollout', 'status', one, '-n', ordinary, '--timeout=240s']);
  const ready = ['--for=jsonpath={.status.ready}=1', '--timeout=240s'];
  await kubectl(['wait', 'job/backup', '-n', ordinary, ...ready]);
  // Somebody looks at a container, and goes on with something there.
  const typed = '(setsid sleep 40311 </dev/null >/dev/null 2>&1 &)';
  await kubectl(['exec', 'deployment/toolbox', '-n', ordinary, '--', 'sh', '-c', typed]);
}

/** Plants what the intruder plants, and gives the processes by their command lines as the node itself has them. */
async function plantIntruder(): Promise<ReadonlyMap<string, number>> {
  await apply(intruders, intruderAccounts(intruders));
  await apply(intruders, intruderPods(attacked, imageOf('toolbox')));
  await untilReady(intruders, readyIntruders, 240);
  const before = new Map<string, number>();
  await eventually('everything is planted in pods', async () => {
    for (const [words, pid] of await commandsOn(attacked)) before.set(words, pid);
    return intruderCommands.every((words) => before.has(words));
  });
  await plantOn(attacked, 'intruder');
  const path = ['get', '--raw', `/api/v1/nodes/${attacked}/proxy/pods`];
  await eventually('the kubelet runs the ghost', async () => (await kubectl(path)).includes('"nowhere"'));
  const later = new Map<string, number>();
  await eventually('processes of the node are planted', async () => {
    for (const [words, pid] of await commandsOn(attacked)) later.set(words, pid);
    return ['sleep 40103', 'sleep 40130', 'sleep 40131'].every((words) => later.has(words));
  });
  // One of the earlier ones is under a mount now.
  return new Map([...later, ...before]);
}

async function plantOn(node: string, who: 'intruder' | 'innocent'): Promise<void> {
  const { code, stderr } = await onNode(node, `${await script(who)}\nplant`);
  expect(code, stderr).to.equal(0);
}

function script(who: 'intruder' | 'innocent'): Promise<string> {
  return readFile(join(import.meta.dirname, `support/${who}-on-node.sh`), 'utf8');
}

/** Processes of a node by their command lines. */
async function commandsOn(node: string): Promise<Map<string, number>> {
  const list = `cd /proc; for pid in [0-9]*; do printf '\\n%s ' $pid; tr '\\0\\n' '  ' <$pid/cmdline; done 2>/dev/null`;
  const { stdout } = await onNode(node, list);
  return new Map(
    stdout.split('\n').flatMap((line) => {
      const [, pid, words] = /^([0-9]+) (.*?) *$/.exec(line) ?? [];
      return pid === undefined || words === undefined || words === '' ? [] : [[words, Number(pid)] as const];
    }),
  );
}

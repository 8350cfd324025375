import { expect } from 'chai';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIo, writeLine } from '../../src/output/io.ts';
import { entered, hidden, kernelIndicators, kernelLacks } from '../kernel-lab/indicators.ts';
import { type Machine, startMachine } from '../kernel-lab/machine.ts';
import { ownKernel } from '../kernel-lab/offer.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { findingsTable, type Row } from './support/findings-table.ts';
import { foundOf, lineOf, type Told } from './support/indicator.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { kubectl, kubectlIr } from './support/world.ts';

interface FindingList {
  readonly items: readonly Told[];
  readonly notJudged: readonly { readonly rule: string; readonly lack: string; readonly reason: string }[];
  readonly incomplete: readonly object[];
}

const snapshotParts = 'envelope,processes,programs,kernel';
const namespace = 'e2e-own-kernel';
const rows: Row[] = [];

describe('findings of a kernel', function () {
  requires(this, image('collector'), nodeShell(), ownKernel());
  this.timeout(900_000);
  /** What ends what was begun, the latest first; of a machine that did not start there is nothing to end. */
  const ends: (() => Promise<unknown>)[] = [];
  let dir: string;
  let machine: Machine;
  let clean: FindingList;
  let told: FindingList;
  let pids: ReadonlyMap<string, number>;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'own-kernel-'));
    ends.unshift(() => rm(dir, { recursive: true }));
    machine = await startMachine();
    ends.unshift(() => machine.stop());
    await createNamespace(namespace);
    ends.unshift(() => removeNamespaces(namespace));
    // Pods of this node have its network, or none.
    const spec = { hostNetwork: true, tolerations: [{ operator: 'Exists' }] };
    const parts = { image: imageOf('collector'), command: entered, node: machine.name, spec };
    await apply(namespace, [pod('entered', parts)]);
    // The machine ends with it.
    ends.unshift(() => kubectl(['delete', 'pod', 'entered', '-n', namespace, '--force', '--grace-period=0']));
    await untilReady(namespace);
    clean = await judged('clean');
    const planted = await machine.sh(
      await readFile(new URL('../kernel-lab/plant.sh', import.meta.url), 'utf8'),
    );
    expect(planted.code, planted.stderr).to.equal(0);
    pids = new Map([[hidden, Number(planted.stdout)]]);
    told = await judged('attacked');
  });
  after(async () => {
    for (const end of ends) await end();
    if (rows.length > 0) await writeLine(processIo().stdout, findingsTable(rows, kernelLacks));
  });

  for (const indicator of kernelIndicators)
    it(`finds ${indicator.number === undefined ? '' : `${indicator.number}, `}${indicator.name}`, () => {
      const found = foundOf(indicator, told.items, machine.name, pids);
      const ofRule = (list: FindingList): readonly Told[] =>
        list.items.filter(({ rule }) => rule === indicator.rule);
      rows.push({ indicator, found, falseAlarms: ofRule(clean) });
      expect(
        found,
        ofRule(told)
          .map((one) => `${lineOf(one)} ${JSON.stringify(one.evidence)}`)
          .join('\n'),
      ).to.have.length.above(0);
      expect(new Set(found.map(({ severity }) => severity))).to.deep.equal(new Set([indicator.severity]));
    });

  it('finds nothing before, and nothing that was not planted', () => {
    expect(clean.items.map(lineOf)).to.deep.equal([]);
    const expected = new Set(kernelIndicators.map(({ rule }) => rule));
    expect(told.items.filter(({ rule }) => !expected.has(rule)).map(lineOf)).to.deep.equal([]);
  });

  it('judges every rule of which it took the evidence', () => {
    const notJudged = [...clean.notJudged, ...told.notJudged].filter(({ lack }) => lack !== 'not-asked');
    expect(notJudged).to.deep.equal([]);
    expect([...clean.incomplete, ...told.incomplete]).to.deep.equal([]);
  });

  /** What `findings` says of a snapshot of the machine. */
  async function judged(name: string): Promise<FindingList> {
    const place = join(dir, name);
    const flags = ['--profile', snapshotParts, '--case', place, '--collector-image', imageOf('collector')];
    const taken = await kubectlIr(['snapshot', 'node', machine.name, ...flags]);
    expect(taken.code, taken.stderr).to.equal(0);
    const { stdout, stderr, code } = await kubectlIr(['findings', place, '-o', 'json']);
    expect(code, stderr).to.be.oneOf([0, 3]);
    return JSON.parse(stdout) as FindingList;
  }
});

import { expect } from 'chai';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processIo, writeLine } from '../../src/output/io.ts';
import { attempt, run } from '../cluster/run.ts';
import { addNode } from '../collector/fake-kubelet.ts';
import { findingsTable, type Row } from '../e2e/support/findings-table.ts';
import { foundOf, lineOf, type Told } from '../e2e/support/indicator.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { hidden, kernelIndicators, kernelLacks } from '../kernel-lab/indicators.ts';
import { type Machine, startMachine } from '../kernel-lab/machine.ts';
import { ownKernel } from '../kernel-lab/offer.ts';
import { requires } from '../support/requires.ts';

interface FindingList {
  readonly items: readonly Told[];
  readonly notJudged: readonly { readonly rule: string; readonly lack: string; readonly reason: string }[];
  readonly incomplete: readonly object[];
}

const program = fileURLToPath(new URL('../../bin/kubectl-ir.ts', import.meta.url));
const parts = 'envelope,processes,programs,kernel';
const rows: Row[] = [];

describe('findings of a kernel', function () {
  requires(this, ownKernel());
  this.timeout(600_000);
  let dir: string;
  let machine: Machine;
  let fake: FakeApi;
  let clean: FindingList;
  let told: FindingList;
  let pids: ReadonlyMap<string, number>;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'own-kernel-'));
    machine = await startMachine();
    fake = await startFakeApi();
    addNode(fake);
    fake.onExec((exec) => machine.serve(exec));
    clean = await judged('clean');
    const planted = await machine.sh(
      await readFile(new URL('../kernel-lab/plant.sh', import.meta.url), 'utf8'),
    );
    expect(planted.code, planted.stderr).to.equal(0);
    pids = new Map([[hidden, Number(planted.stdout)]]);
    told = await judged('attacked');
  });
  after(async () => {
    await machine.stop();
    await fake.close();
    await rm(dir, { recursive: true });
    if (rows.length > 0) await writeLine(processIo().stdout, findingsTable(rows, kernelLacks));
  });

  for (const indicator of kernelIndicators)
    it(`finds ${indicator.number === undefined ? '' : `${indicator.number}, `}${indicator.name}`, () => {
      const found = foundOf(indicator, told.items, 'node-a', pids);
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

  /** What `findings` says of a snapshot of the machine, each command as a program of its own. */
  async function judged(name: string): Promise<FindingList> {
    const place = join(dir, name);
    const server = ['--server', fake.url, '--token', 'fake-token'];
    await run(process.execPath, [
      ...[program, 'snapshot', 'node', 'node-a', '--profile', parts, '--case', place],
      ...server,
    ]);
    const { stdout, stderr, code } = await attempt(process.execPath, [
      program,
      'findings',
      place,
      '-o',
      'json',
    ]);
    expect(code, stderr).to.be.oneOf([0, 3]);
    return JSON.parse(stdout) as FindingList;
  }
});

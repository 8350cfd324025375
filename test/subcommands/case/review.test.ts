import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { readCourse } from '../../../src/incident/case-course.ts';
import { command } from '../../../src/subcommands/case/review.ts';
import { type FakeApi, startFakeApi } from '../../fake-api/fake-api.ts';
import { failureOf } from '../../support/failure.ts';
import { type MemoryIo, memoryIo } from '../../support/memory-io.ts';
import { keepAnswers, snapshotAnswers } from '../review/review-lab.ts';
import { fixCase } from '../verify-fix/fix-lab.ts';

interface Told {
  readonly items: readonly {
    readonly control: string;
    readonly state: string;
    readonly check?: string;
    readonly task?: object;
  }[];
  readonly unseen: readonly string[];
}

describe('case review', () => {
  let fake: FakeApi;
  let place: string;
  let dir: string;
  let io: MemoryIo;

  beforeEach(async () => {
    fake = await startFakeApi();
    place = await mkdtemp(join(tmpdir(), 'review-'));
    dir = join(place, 'case');
    io = memoryIo();
    await fixCase(dir, (opened) => keepAnswers(opened, snapshotAnswers()));
  });
  afterEach(async () => {
    await fake.close();
    await rm(place, { recursive: true, force: true });
  });

  const run = (flags: object = {}, server = fake.url, words = [dir]): Promise<number> =>
    command.start(
      words,
      { manifests: false, ...flags },
      { io, global: { server, token: 'fake-token' }, signal: new AbortController().signal },
    );
  const told = (): Told => JSON.parse(io.out()) as Told;

  it('tells what is missing, asks the server about each manifest, and prints data by its schema', async () => {
    await run({ output: 'json' });
    const { items } = told();
    expect(items.find(({ control }) => control === 'privileged')).to.include({ state: 'missing' });
    // The policy in the list is ours.
    expect(items.find(({ control }) => control === 'network-policy')).to.include({ state: 'missing' });
    const changing = fake.requests.filter(
      ({ method, query }) => method !== 'GET' && query.get('dryRun') !== 'All',
    );
    expect(changing).to.deep.equal([]);
    const text = readFileSync(new URL('../../../schema/review.json', import.meta.url), 'utf8');
    const validate = new Ajv2020({ strict: true }).compile(JSON.parse(text) as object);
    expect(validate(told()), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ ...told(), more: 1 })).to.equal(false);
  });

  it('reviews the case alone where the cluster is not reached, and says so', async () => {
    expect(await run({ output: 'json' }, 'http://127.0.0.1:9')).to.equal(3);
    const { items, unseen } = told();
    expect(unseen[0]).to.match(/^the cluster: /);
    const missing = items.filter(({ state }) => state === 'missing');
    expect(missing.length).to.be.greaterThan(3);
    expect(new Set(missing.map(({ check }) => check))).to.deep.equal(
      new Set(['not tried: the cluster is not reached']),
    );
    expect(items.find(({ control }) => control === 'pod-security')).to.include({ state: 'not looked at' });
  });

  it('records a task for each missing control, once', async () => {
    await run({ owner: 'platform', due: '14d', output: 'json' });
    const missing = told().items.filter(({ state }) => state === 'missing');
    const { course } = await readCourse(dir);
    expect(course.tasks).to.have.length(missing.length);
    expect(course.tasks[0]).to.include({ owner: 'platform', due: '2026-12-06T04:15:00.000Z' });
    expect(missing.every(({ task }) => task !== undefined)).to.equal(true);
    await run({ owner: 'others' });
    expect((await readCourse(dir)).course.tasks).to.have.length(missing.length);
  });

  it('refuses what makes no sense', async () => {
    expect((await failureOf(run({ due: '1d' }))).message).to.equal('--due is of a task: add --owner WHO');
    expect((await failureOf(run({ manifests: true, output: 'json' }))).name).to.equal('UsageError');
    expect((await failureOf(run({}, fake.url, [join(place, 'none')]))).message).to.match(/^no case at /);
    const empty = join(place, 'empty');
    const opened = await openCase(memoryIo(), { dir: empty, target: 'x' });
    await (await opened.startAcquisition({ kind: 'node', target: 'n' })).finish({ outcome: 'complete' });
    await opened.close();
    expect((await failureOf(run({}, fake.url, [empty]))).message).to.match(/^this case tells of no pod/);
  });
});

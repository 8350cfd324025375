import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { readCourse } from '../../../src/incident/case-course.ts';
import { command } from '../../../src/subcommands/case/clean.ts';
import { aConfigMap, aPod } from '../../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../../fake-api/fake-api.ts';
import { failureOf } from '../../support/failure.ts';
import { type MemoryIo, memoryIo } from '../../support/memory-io.ts';
import { cronJob, discoverable, watchingIo } from '../clean/clean-lab.ts';

describe('case clean', () => {
  let fake: FakeApi;
  let place: string;
  let dir: string;
  let io: MemoryIo;
  beforeEach(async () => {
    fake = await startFakeApi();
    discoverable(fake);
    place = await mkdtemp(join(tmpdir(), 'clean-'));
    dir = join(place, 'case');
    io = watchingIo();
    const opened = await openCase(memoryIo(), { dir, target: 'x' });
    await (await opened.startAcquisition({ kind: 'node', target: 'n' })).finish({ outcome: 'complete' });
    await opened.close();
    fake.put(cronJob('report'));
  });
  afterEach(async () => {
    await fake.close();
    await rm(place, { recursive: true, force: true });
  });

  const run = (words: readonly string[], flags: object = {}): Promise<number> =>
    command.start(
      words,
      { 'collector-namespace': 'kubectl-ir', 'dry-run': 'none', yes: false, ...flags },
      { io, global: { server: fake.url, token: 'fake-token' }, signal: new AbortController().signal },
    );
  const isThere = (): boolean => fake.get('cronjobs.batch', 'default', 'report') !== undefined;

  it('asks for consent when it cannot ask the user, and takes a case and objects', async () => {
    expect((await failureOf(run([dir, 'cj/report']))).message).to.match(
      /^case clean changes the cluster; add --yes/,
    );
    expect((await failureOf(run([]))).message).to.match(/^case clean takes a case first/);
    io = memoryIo({ env: { KUBECTL_IR_CASE: join(place, 'none') } });
    expect((await failureOf(run([]))).message).to.equal(`no case at ${join(place, 'none')}`);
    expect((await failureOf(run([join(place, 'none'), 'cj/report'], { yes: true }))).message).to.match(
      /^no case at/,
    );
    expect(isThere()).to.equal(true);
  });

  it('names the case in the commands that come next', async () => {
    expect(await run([dir])).to.equal(0);
    expect(io.err()).to.contain(
      `Next      kubectl ir case clean ${dir} TYPE/NAME -n NAMESPACE --server=${fake.url}; `,
    );
    expect(io.err()).to.contain(`: kubectl ir timeline ${dir}\n`);
  });

  it('changes nothing in a dry run; the server one is asked of the server', async () => {
    expect(await run([dir, 'cj/report'], { 'dry-run': 'client' })).to.equal(0);
    expect(await run([dir, 'cj/report'], { 'dry-run': 'server' })).to.equal(0);
    expect(io.out()).to.equal(
      'cronjob.batch/report deleted (dry run)\ncronjob.batch/report deleted (server dry run)\n',
    );
    expect(isThere()).to.equal(true);
  });

  it('removes objects and tells it by the published schema', async () => {
    fake.put(aConfigMap('loader'));
    expect(await run([dir, 'cj/report', 'cm/loader'], { yes: true, output: 'json' })).to.equal(0);
    expect(isThere()).to.equal(false);
    const told = JSON.parse(io.out()) as { items: { outcome: string }[] };
    expect(told.items.map(({ outcome }) => outcome)).to.deep.equal(['deleted', 'deleted']);
    const text = readFileSync(new URL('../../../schema/cleaning.json', import.meta.url), 'utf8');
    const validate = new Ajv2020({ strict: true }).compile(JSON.parse(text) as object);
    expect(validate(told), JSON.stringify(validate.errors)).to.equal(true);
  });

  it('removes nothing at all when one of the objects is refused', async () => {
    fake.put(cronJob('ours', { labels: { 'kubectl-ir/pod-uid': 'none' } }));
    const failure = await failureOf(run([dir, 'cj/report', 'cj/ours'], { yes: true }));
    expect(failure.message).to.match(/^cronjob.batch\/ours is of kubectl-ir/);
    expect(isThere()).to.equal(true);
  });

  it('makes a task of a static pod and leaves it alone', async () => {
    const pod = aPod('web');
    fake.put({ ...pod, metadata: { ...pod.metadata, annotations: { 'kubernetes.io/config.mirror': 'x' } } });
    expect(await run([dir, 'pod/web'], { yes: true })).to.equal(3);
    expect(await run([dir, 'pod/web'], { yes: true })).to.equal(3);
    const { tasks } = (await readCourse(dir)).course;
    expect(tasks.map(({ text }) => text)).to.deep.equal([
      'take the manifest of static pod web out of the directory of static pods on node-a; the kubelet makes it again otherwise',
    ]);
    expect(fake.requests.some(({ method }) => method === 'DELETE')).to.equal(false);
  });

  it('warns of a controller that will make it again, and says 4 when it did', async () => {
    const controller = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      name: 'report',
      uid: 'c',
      controller: true,
    };
    const pod = aPod('job');
    fake.put({ ...pod, metadata: { ...pod.metadata, ownerReferences: [controller] } });
    io = watchingIo((look) => {
      if (look === 1) fake.put({ ...pod, metadata: { ...pod.metadata, ownerReferences: [controller] } });
    });
    expect(await run([dir, 'pod/job'], { yes: true })).to.equal(4);
    expect(io.err()).to.contain(
      'warning: pod/job is made by cronjob/report, which will make it again; name that too',
    );
    expect(io.out()).to.match(/^returned +pod\/job +default +by cronjob\/report, its controller$/m);
  });

  it('tells what the findings point at when no object is named, and touches nothing', async () => {
    expect(await run([dir])).to.equal(0);
    expect(io.err()).to.contain('no grave finding points at anything to remove');
    expect(fake.requests).to.deep.equal([]);
  });
});

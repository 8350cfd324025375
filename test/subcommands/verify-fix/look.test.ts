import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Api } from '../../../src/cluster/api.ts';
import { type IsolationHistory, isolationHistories } from '../../../src/containment/isolation-history.ts';
import { openCase } from '../../../src/evidence/case.ts';
import { DiffSpool } from '../../../src/filesystem/change-log.ts';
import { createProgress } from '../../../src/output/progress.ts';
import { lookAgain, lookAtIsolation, type Looking } from '../../../src/subcommands/verify-fix/look.ts';
import { uid } from '../../containment/subjects.ts';
import { aConfigMap, aNode, aPod } from '../../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../../fake-api/fake-api.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { record, suspect } from './fix-lab.ts';

describe('the second look', () => {
  let fake: FakeApi;
  let api: Api;
  let dir: string;
  const io = memoryIo();
  beforeEach(async () => {
    fake = await startFakeApi();
    api = await fake.connect();
    dir = await mkdtemp(join(tmpdir(), 'look-'));
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
    await rm(dir, { recursive: true, force: true });
  });

  const looking = async (signal = new AbortController().signal): Promise<Looking> => ({
    ...{ api, context: { io, global: {}, signal }, progress: createProgress(io), spool: new DiffSpool() },
    opened: await openCase(io, { dir: join(dir, 'case'), target: 'shop' }),
    flags: {
      'collector-namespace': 'kubectl-ir',
      'collector-image': undefined,
      'collector-pull-secret': undefined,
    },
  });
  const history = (): IsolationHistory => {
    const line = {
      seq: 1,
      time: '',
      prev: '',
      actor: { user: '', host: '', api: '' },
      action: 'isolate',
      object: '',
    };
    const found = isolationHistories([{ ...line, result: 'planned', details: { uid, record } }]).get(uid);
    if (found === undefined) throw new Error('no history');
    return found;
  };
  const casePod = (more: Partial<IsolationHistory> = {}): Parameters<typeof lookAtIsolation>[1] => ({
    ...{ uid, node: 'node-a', pod: { ...suspect, labels: {} }, history: { ...history(), ...more } },
  });
  const putSuspect = (metadata: object = {}): unknown => {
    const pod = aPod(suspect.name);
    return fake.put({ ...pod, metadata: { ...pod.metadata, uid, ...metadata } });
  };
  const state = async (of = casePod()): Promise<unknown> => {
    const told = await looking();
    const now = await lookAtIsolation(told, of);
    await told.opened.close();
    return [now?.state, now?.reasons[0]];
  };

  it('tells an isolated pod that is gone, released, or open', async () => {
    expect(await state()).to.deep.equal(['gone', undefined]);
    const kept = { name: `ir-${uid}`, namespace: 'kubectl-ir' };
    const map = { ...aConfigMap('x', { 'record.json': JSON.stringify(record) }), metadata: kept };
    fake.put(map);
    expect(await state()).to.deep.equal([
      ...['gone', `its record is left; take it away with: kubectl ir release ${uid}`],
    ]);
    fake.remove(map as Parameters<FakeApi['remove']>[0]);
    putSuspect({ uid: '00000000-0000-4000-8000-000000000003' });
    expect(await state()).to.deep.equal(['gone', undefined]);
    putSuspect();
    expect(await state(casePod({ released: 'T' }))).to.deep.equal(['released', 'released at T']);
    expect(await state()).to.deep.equal(['open', 'its record and our label are not there any more']);
    expect(await lookAtIsolation(await looking(), { ...casePod(), history: undefined } as never)).to.equal(
      undefined,
    );
  });

  it('tells an isolation that could not be measured as not looked at', async () => {
    putSuspect({ labels: { 'kubectl-ir/pod-uid': uid } });
    const [told, why] = (await state()) as string[];
    expect(told).to.equal('not looked at');
    expect(why).to.match(/cannot get nodes "node-a"/);
  });

  it('says why a node, and with it its pods, were not looked at', async () => {
    fake.put({ ...aNode('node-a'), status: { conditions: [] } });
    const now = await lookAgain(await looking(), 'node-a', [aPod('web')], ['envelope']);
    expect(now.why).to.match(/^node "node-a" is NotReady/);
    expect(now.pods).to.deep.equal([{ namespace: 'default', name: 'web', why: now.why }]);
  });

  it('stops at an interrupt', async () => {
    const interrupt = new AbortController();
    const told = await looking(interrupt.signal);
    interrupt.abort(new Error('interrupted'));
    expect((await failureOf(lookAgain(told, 'node-a', [], ['envelope']))).message).to.equal('interrupted');
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Api } from '../../../src/cluster/api.ts';
import { openCase } from '../../../src/evidence/case.ts';
import { readCustody } from '../../../src/evidence/custody-log.ts';
import { openAcquisitions } from '../../../src/evidence/exhibits.ts';
import { type Removed, removeObjects, watchMs } from '../../../src/subcommands/clean/removal.ts';
import { type CleanTarget, findObjects, parseObjects } from '../../../src/subcommands/clean/target.ts';
import { aConfigMap, aPod } from '../../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../../fake-api/fake-api.ts';
import { cronJob, discoverable, watchingIo } from './clean-lab.ts';

const { signal } = new AbortController();
const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'shop-1', uid: 'set', controller: true };

describe('removeObjects', () => {
  let fake: FakeApi;
  let api: Api;
  let place: string;
  let dir: string;
  beforeEach(async () => {
    fake = await startFakeApi();
    discoverable(fake);
    api = await fake.connect();
    place = await mkdtemp(join(tmpdir(), 'removal-'));
    dir = join(place, 'case');
  });
  afterEach(async () => {
    await api.close();
    await fake.close();
    await rm(place, { recursive: true, force: true });
  });

  const find = (...words: string[]): Promise<CleanTarget[]> => findObjects(api, parseObjects(words), signal);
  /** Removes them; `after` runs at each look, with how often it was looked. */
  const remove = async (
    targets: readonly CleanTarget[],
    after: (look: number) => void = () => undefined,
  ): Promise<Removed[]> => {
    const io = watchingIo(after);
    const opened = await openCase(io, { dir, target: 'x' });
    try {
      return await removeObjects({ api, io, opened, signal }, targets);
    } finally {
      await opened.close();
    }
  };
  const acts = async (): Promise<string[]> => {
    const told: string[] = [];
    await readCustody(dir, ({ action, result }) => {
      if (action === 'clean') told.push(result);
    });
    return told;
  };

  it('saves each object whole, deletes that very one, watches a minute, and records each step', async () => {
    const { metadata } = fake.put(cronJob('report', { annotations: { note: 'kept' } }));
    let looks = 0;
    const removed = await remove(await find('cj/report'), (look) => {
      looks = look;
    });
    expect(removed).to.deep.equal([
      { object: 'cronjob.batch/report', namespace: 'default', uid: metadata.uid, outcome: 'deleted' },
    ]);
    expect(looks * 2_000).to.equal(watchMs);
    const deletion = fake.requests.find(({ method }) => method === 'DELETE');
    expect(deletion?.body).to.deep.include({ preconditions: { uid: metadata.uid } });
    const [acquisition] = await openAcquisitions(dir);
    const item = acquisition?.reader.items.find(({ name }) =>
      name.endsWith('/batch/cronjobs/default/report.json'),
    );
    if (acquisition === undefined || item === undefined) throw new Error('it was not saved');
    expect(JSON.parse((await acquisition.reader.bytes(item, 10_000)).toString())).to.deep.include({
      metadata,
    });
    expect(await acts()).to.deep.equal(['started', 'deleted', 'done']);
  });

  it('names who made it again, under its name or another', async () => {
    fake.put(aConfigMap('loader'));
    const pod = aPod('shop-1-a');
    fake.put({ ...pod, metadata: { ...pod.metadata, ownerReferences: [set] } });
    const removed = await remove(await find('cm/loader', 'pod/shop-1-a'), (look) => {
      if (look !== 3) return;
      const managedFields = [{ manager: 'evil-operator', operation: 'Apply', time: '2026-11-22T04:00:00Z' }];
      fake.put({
        ...aConfigMap('loader'),
        metadata: { name: 'loader', namespace: 'default', managedFields },
      });
      fake.put({ ...pod, metadata: { ...pod.metadata, name: 'shop-1-b', ownerReferences: [set] } });
    });
    expect(removed.map(({ outcome, why }) => [outcome, why])).to.deep.equal([
      ['returned', 'by field manager evil-operator (Apply)'],
      ['returned', 'as shop-1-b, by replicaset/shop-1, its controller'],
    ]);
    expect(await acts()).to.deep.equal(['started', 'deleted', 'started', 'deleted', 'partial']);
  });

  it('takes pods that its controller had before for no return', async () => {
    const pod = aPod('shop-1-a');
    for (const name of ['shop-1-a', 'shop-1-b'])
      fake.put({ ...pod, metadata: { ...pod.metadata, name, ownerReferences: [set] } });
    expect((await remove(await find('pod/shop-1-a')))[0]?.outcome).to.equal('deleted');
  });

  it('never deletes another object of the same name', async () => {
    const first = fake.put(aConfigMap('loader'));
    const targets = await find('cm/loader');
    fake.remove(first);
    const later = fake.put(aConfigMap('loader', { other: 'yes' }));
    const [removed] = await remove(targets);
    expect(removed?.outcome).to.equal('not deleted');
    expect(removed?.why).to.match(/^another object of that name took its place/);
    expect(fake.get('configmaps', 'default', 'loader')?.metadata.uid).to.equal(later.metadata.uid);
    expect(await acts()).to.deep.equal(['started', 'failed', 'partial']);
  });

  it('deletes nothing that it could not save', async () => {
    fake.put(aConfigMap('loader'));
    const targets = await find('cm/loader');
    discoverable(fake, ({ method, path }) =>
      method === 'GET' && path.endsWith('/configmaps/loader')
        ? { status: 500, body: { message: 'no' } }
        : undefined,
    );
    const [removed] = await remove(targets);
    expect(removed).to.include({ outcome: 'not deleted', why: 'it could not be saved into the case' });
    expect(fake.requests.some(({ method }) => method === 'DELETE')).to.equal(false);
  });
});

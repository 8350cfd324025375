import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { collectAccess, collectNodeObjects, collectPodsBefore } from '../../src/evidence/node-objects.ts';
import { sleepFor } from '../../src/output/io.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { aNode, aPod } from '../fake-api/builders.ts';
import { startFakeApi, type FakeApi } from '../fake-api/fake-api.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox } from './sandbox.ts';

const signal = new AbortController().signal;

describe('collectNodeObjects', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
  });
  afterEach(() => fake.close());

  it('keeps the node, its pods and its events as the server sent them, and tells what is refused', () =>
    inSandbox(async (dir) => {
      fake.put(aNode('node-a'));
      fake.put(aNode('node-b'));
      const web = aPod('web');
      fake.put({ ...web, spec: { containers: [], ...web.spec, nodeName: 'node-a' } });
      fake.deny({ verb: 'list', resource: 'events' });
      const opened = await openCase(memoryIo(), { dir, target: 'x' });
      const acquisition = await opened.startAcquisition({ kind: 'node', target: 'node-a' });
      const api = await fake.connect();
      await collectPodsBefore(api, memoryIo({ sleep: sleepFor }), acquisition, 'node-a', signal);
      await collectNodeObjects(api, acquisition, 'node-a', signal);
      await acquisition.finish({ outcome: 'complete' });
      await opened.close();
      await api.close();
      const reader = await openAcquisition(acquisition.dir);
      const read = async (name: string): Promise<string[]> => {
        const item = reader.items.find((one) => one.name === `live_response/kubernetes/${name}.json`);
        if (item === undefined) throw new Error(`no item ${name}`);
        const list = JSON.parse(String(await reader.bytes(item, 1e6))) as {
          items: { metadata: { name: string } }[];
        };
        return list.items.map((one) => one.metadata.name);
      };
      expect(await read('node')).to.deep.equal(['node-a']);
      expect(await read('pods-before')).to.deep.equal(['web']);
      expect(await read('pods')).to.deep.equal(['web']);
      const events = reader.items.find((one) => one.name === 'live_response/kubernetes/events.json');
      expect(events).to.include({ outcome: 'denied' });
      expect(reader.items.filter((one) => one.artifact === 'kubernetes' && one.outcome === 'ok')).to.satisfy(
        (items: { sensitive?: boolean }[]) => items.every((item) => item.sensitive === true),
      );
    }));

  it('keeps who may do what in the cluster; what may not be listed is a gap', () =>
    inSandbox(async (dir) => {
      fake.deny({ verb: 'list', resource: 'clusterroles' });
      const opened = await openCase(memoryIo(), { dir, target: 'x' });
      const acquisition = await opened.startAcquisition({ kind: 'node', target: 'node-a' });
      const api = await fake.connect();
      await collectAccess(api, acquisition, 'node-a', signal);
      await acquisition.finish({ outcome: 'complete' });
      await opened.close();
      await api.close();
      const { items } = await openAcquisition(acquisition.dir);
      const kept = items.filter(({ artifact }) => artifact === 'kubernetes');
      expect(kept.map(({ name, outcome }) => `${name} ${outcome}`)).to.deep.equal([
        'live_response/kubernetes/clusterrolebindings.json ok',
        'live_response/kubernetes/rolebindings.json ok',
        'live_response/kubernetes/clusterroles.json denied',
        'live_response/kubernetes/roles.json ok',
      ]);
    }));
});

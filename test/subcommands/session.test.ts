import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Collector } from '../../src/collector/collector.ts';
import { parseAcquisitionRecord } from '../../src/evidence/acquisition-record.ts';
import { openCase } from '../../src/evidence/case.ts';
import { OperationError } from '../../src/output/errors.ts';
import { acquire, requireRights, withApi, withCase } from '../../src/subcommands/session.ts';
import type { CommandContext } from '../../src/subcommands/command.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('session', () => {
  let fake: FakeApi;
  let dir: string;
  let context: CommandContext;

  beforeEach(async () => {
    fake = await startFakeApi();
    dir = await mkdtemp(join(tmpdir(), 'session-'));
    const global = { server: fake.url, token: 'fake-token' };
    context = { io: memoryIo(), global, signal: new AbortController().signal };
  });
  afterEach(async () => {
    await fake.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('names every missing right before anything is begun', async () => {
    fake.deny({ resource: 'pods/exec' });
    fake.deny({ verb: 'list', resource: 'nodes' });
    const places = { namespace: 'prod', collectorNamespace: 'kubectl-ir' };
    const failure = await failureOf(
      withApi(context, (api) => requireRights(api, context, 'snapshot', places)),
    );
    expect(failure).to.be.instanceOf(OperationError);
    expect(failure.message).to.equal(
      [
        'user "jane" may not do what snapshot needs:',
        '  get pods/exec      in namespace kubectl-ir',
        '  create pods/exec   in namespace kubectl-ir',
        '  list nodes         in the whole cluster',
      ].join('\n'),
    );
    expect(failure).to.have.property('advice').that.includes(' --command snapshot -n prod --print-rbac ');
  });

  it('opens a case in the name that the API server knows, from its first line on', async () => {
    const place = join(dir, 'case');
    await withApi(context, (api) =>
      withCase(api, context, { dir: place, target: 'web' }, () => Promise.resolve()),
    );
    const [line = ''] = (await readFile(join(place, 'data/custody.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(line)).to.deep.include({ action: 'open' }).and.nested.include({ 'actor.api': 'jane' });
  });

  it('finishes an acquisition as partial when the collection fails', async () => {
    const opened = await openCase(context.io, { dir: join(dir, 'case'), target: 'web' });
    const collector = { identity: identity } as unknown as Collector;
    const start = { kind: 'node', target: 'node-a', node: 'node-a' };
    const failure = await failureOf(
      acquire(opened, start, collector, () => Promise.reject(new OperationError('the node went away'))),
    );
    await opened.close();
    expect(failure.message).to.equal('the node went away');
    const path = 'data/acquisitions/20261122T041500Z-node-node-a/acquisition.json';
    const record = parseAcquisitionRecord(await readFile(join(opened.dir, path), 'utf8'));
    expect(record).to.include({ outcome: 'partial', reason: 'the node went away' });
    expect(record?.collector).to.include({ node: 'node-a' });
  });
});

const identity = {
  namespace: 'kubectl-ir',
  pod: 'ir-collector',
  uid: '1',
  node: 'node-a',
  image: 'busybox',
  imageID: '',
  containerID: '',
  created: '2026-11-22T04:15:00Z',
  recursiveReadOnly: true,
  changedByServer: [],
};

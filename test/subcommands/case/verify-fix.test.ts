import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { openAcquisitions } from '../../../src/evidence/exhibits.ts';
import { openCase } from '../../../src/evidence/case.ts';
import { readCustody } from '../../../src/evidence/custody-log.ts';
import { command } from '../../../src/subcommands/case/verify-fix.ts';
import { uid } from '../../containment/subjects.ts';
import { aNode, aPod } from '../../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../../fake-api/fake-api.ts';
import { failureOf } from '../../support/failure.ts';
import { type MemoryIo, memoryIo } from '../../support/memory-io.ts';
import { fixCase, suspect } from '../verify-fix/fix-lab.ts';

interface Told {
  readonly verdict: string;
  readonly isolations: readonly { readonly state: string }[];
  readonly traces: readonly { readonly what: string; readonly state: string; readonly why?: string }[];
}

const { name } = suspect;

describe('case verify-fix', () => {
  let fake: FakeApi;
  let place: string;
  let dir: string;
  let io: MemoryIo;

  beforeEach(async () => {
    fake = await startFakeApi();
    place = await mkdtemp(join(tmpdir(), 'verify-fix-'));
    dir = join(place, 'case');
    io = memoryIo();
    await fixCase(dir);
    const node = aNode('node-a');
    const conditions = [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'gone' }];
    fake.put({ ...node, status: { ...node.status, conditions } });
  });
  afterEach(async () => {
    await fake.close();
    await rm(place, { recursive: true, force: true });
  });

  const run = (words: readonly string[], flags: object = {}): Promise<number> =>
    command.start(
      words,
      { 'collector-namespace': 'kubectl-ir', ...flags },
      { io, global: { server: fake.url, token: 'fake-token' }, signal: new AbortController().signal },
    );
  const told = (): Told => JSON.parse(io.out()) as Told;

  it('says what could not be looked at, never that it is gone, by the published schema', async () => {
    fake.put({
      ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
      metadata: { name: 'shop', namespace: 'default' },
    });
    expect(await run([dir], { output: 'json' })).to.equal(3);
    expect(told()).to.deep.include({ verdict: 'UNSEEN' });
    expect(told().isolations.map(({ state }) => state)).to.deep.equal(['gone']);
    expect(told().traces.map(({ what, state, why }) => [what, state, why])).to.deep.equal([
      ['modified', 'not looked at', 'deployment/shop runs no pod that took the place of that of the case'],
    ]);
    const text = readFileSync(new URL('../../../schema/fix-verification.json', import.meta.url), 'utf8');
    const validate = new Ajv2020({ strict: true }).compile(JSON.parse(text) as object);
    expect(validate(told()), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ ...told(), more: 1 })).to.equal(false);
  });

  it('says that a pod is open whose isolation somebody took away, and records what it came to', async () => {
    const pod = aPod(name);
    fake.put({ ...pod, metadata: { ...pod.metadata, uid } });
    expect(await run([dir])).to.equal(4);
    expect(io.out())
      .to.match(/^LEFT {3}0 of 1 still there, 1 isolation not in force, 1 not looked at, 0 gone\n/)
      .and.to.match(/^open +isolation +default\/shop-6556d99f86-xlvnc on node-a +its record and our label/m);
    expect(io.err()).to.contain('warning: not looked at: node node-a: node "node-a" is NotReady');
    const acts: string[] = [];
    await readCustody(dir, ({ action, result }) => void acts.push(`${action} ${result}`));
    expect(acts.at(-1)).to.equal('verify-fix LEFT');
  });

  it('collects nothing and changes nothing for a case that tells of nothing', async () => {
    const empty = join(place, 'empty');
    await (await openCase(memoryIo(), { dir: empty, target: 'shop' })).close();
    expect((await failureOf(run([empty]))).message).to.match(/^no evidence at /);
    expect((await failureOf(run([join(place, 'none')]))).message).to.match(/^no case at /);
    const before = (await openAcquisitions(dir)).length;
    await run([dir]);
    expect((await openAcquisitions(dir)).length).to.equal(before);
    const changing = fake.requests.filter(({ method, path }) => method !== 'GET' && !/reviews$/.test(path));
    expect(changing).to.deep.equal([]);
  });
});

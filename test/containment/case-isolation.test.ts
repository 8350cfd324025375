import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isolationsOfCase } from '../../src/containment/case-isolation.ts';
import { openCase } from '../../src/evidence/case.ts';
import { OperationError } from '../../src/output/errors.ts';
import { memoryIo } from '../support/memory-io.ts';
import { uid } from './subjects.ts';

describe('isolationsOfCase', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'case-isolation-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('finds the last isolation of each pod of a case', async () => {
    const opened = await openCase(memoryIo(), { dir, target: 'web' });
    const act = { action: 'isolate', object: 'pod/web' };
    const other = '00000000-0000-4000-8000-000000000001';
    await opened.custody.append({ ...act, result: 'planned', details: { uid: other } });
    await opened.custody.append({ ...act, result: 'planned', details: { uid, sha256: 'aa' } });
    await opened.custody.append({
      ...act,
      result: 'planned',
      details: { uid, sha256: 'ab', record: { version: 1 } },
    });
    await opened.custody.append({ ...act, result: 'planned', details: { uid: '../x' } });
    await opened.custody.append({ ...act, result: 'HOLDS', details: { uid: other } });
    await opened.close();
    expect(await isolationsOfCase(dir)).to.deep.equal([
      { uid: other },
      { uid, recordSha256: 'ab', record: { version: 1 } },
    ]);
  });

  it('tells a case without isolation from what is no case', async () => {
    expect(await isolationsOfCase(dir)).to.equal(undefined);
    expect(await isolationsOfCase(join(dir, 'nothing'))).to.equal(undefined);
    await (await openCase(memoryIo(), { dir, target: 'web' })).close();
    expect(await isolationsOfCase(dir).catch((error: unknown) => error)).to.be.instanceOf(OperationError);
  });
});

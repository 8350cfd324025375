import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AcquisitionReader } from '../../../src/evidence/reader.ts';
import { run } from '../../cluster/run.ts';

/** Every item in the tar has the sha256 that items.jsonl says, is where it says, and every item has an outcome. */
export async function expectWhole(acquisition: AcquisitionReader): Promise<void> {
  const tar = join(acquisition.dir, acquisition.info.tar.name);
  const listed = await run('tar', ['-tf', tar, '--quoting-style=escape']);
  const members = acquisition.items.filter((item) => item.offset !== undefined);
  expect(listed.trim().split('\n')).to.have.length(members.length);
  for (const item of members.filter(({ type }) => type === 'file')) {
    const hash = createHash('sha256');
    for await (const chunk of acquisition.read(item)) hash.update(chunk as Buffer);
    expect(hash.digest('hex'), item.name).to.equal(item.sha256);
  }
  const outcomes = ['ok', 'truncated', 'vanished', 'denied', 'timeout', 'skipped'];
  for (const item of acquisition.items) expect(item.outcome, item.name).to.be.oneOf(outcomes);
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { root } from '../../scripts/job.ts';
import { changedSince, keysOf, parsePassed } from '../../scripts/passed.ts';

describe('what passed a check', () => {
  let dir: string;
  const path = (name: string): string => relative(root, join(dir, name));
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'passed-'));
    for (const name of ['a', 'b']) await writeFile(join(dir, name), 'text');
  });
  afterEach(() => rm(dir, { recursive: true }));
  const changed = async (names: readonly string[], surroundings = 'version 1'): Promise<string[]> => {
    const before = Object.fromEntries(await keysOf([path('a'), path('b')], 'version 1'));
    await writeFile(join(dir, 'b'), 'other');
    return changedSince(await keysOf(names.map(path), surroundings), before);
  };

  it('is looked at again when its bytes are others, and no other file', async () => {
    expect(await changed(['a', 'b'])).to.deep.equal([path('b')]);
  });

  it('is looked at again when versions or configuration are others', async () => {
    expect(await changed(['a', 'b'], 'version 2')).to.deep.equal([path('a'), path('b')]);
  });

  it('is looked at when it is new, and not when it is gone', async () => {
    await writeFile(join(dir, 'c'), 'text');
    expect(await changed(['a', 'c', 'gone'])).to.deep.equal([path('c')]);
  });

  it('is nothing where the record is none', () => {
    for (const text of ['', '{"a": "1"', 'null', '7']) expect(parsePassed(text), text).to.deep.equal({});
    expect(parsePassed('{"a":"1"}')).to.deep.equal({ a: '1' });
  });
});

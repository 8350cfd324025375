import { expect } from 'chai';
import type { ItemHeader } from '../../src/artifacts/item.ts';
import { WalkReader } from '../../src/filesystem/walk-reader.ts';
import { WalkSink } from '../../src/filesystem/walk-sink.ts';
import { MemorySink } from '../collector/local-node.ts';
import { token, walkText } from './walk-outputs.ts';

describe('the way of a walk into the evidence', () => {
  const text = walkText({ upper: [], image: [], container: [{ path: '/a' }] });
  const pass = async (
    bytes: string,
    outcome: 'ok' | 'truncated' = 'ok',
    name = 'x/diff/walk.txt',
    before?: ItemHeader,
  ): Promise<{ why: string[]; kept: string; paths: string[] }> => {
    const [next, paths] = [new MemorySink(), [] as string[]];
    const reader = new WalkReader(token, {
      upper: () => undefined,
      batch: (batch) => Promise.resolve(void paths.push(...batch.paths)),
      complaints: () => undefined,
    });
    const sink = new WalkSink(next, reader);
    if (before !== undefined) {
      await sink.begin(before);
      await sink.end({ outcome: 'skipped', length: 0, detail: 'it is not there' });
    }
    await sink.begin({ sequence: 1, artifact: 'container-diff', name: Buffer.from(name), type: 'file' });
    await sink.write(Buffer.from(bytes, 'latin1'));
    await sink.end({ outcome, length: bytes.length, ...(outcome === 'ok' ? {} : { detail: 'cut' }) });
    return {
      why: sink.blind.map(({ why }) => why),
      kept: next.named(name).data.toString('latin1'),
      paths,
    };
  };

  it('passes on what it reads', async () => {
    expect(await pass(text)).to.deep.equal({ why: [], kept: text, paths: ['/a'] });
  });
  it('keeps what it cannot read, and says so', async () => {
    const cut = text.slice(0, -5);
    expect(await pass(cut)).to.deep.include({ kept: cut, paths: ['/a'] });
    expect((await pass(cut)).why[0]).to.match(/^the walk's output cannot be used: it is cut/);
    expect((await pass('no walk')).why).to.have.length(1);
  });
  it('says that a walk was cut, or never came', async () => {
    expect((await pass(text, 'truncated')).why).to.deep.equal(['truncated: cut']);
    expect((await pass(text, 'ok', 'x/other')).why).to.deep.equal(['the node sent nothing of the walk']);
  });
  it('does not take a mount that is gone for a part of the walk', async () => {
    const name = Buffer.from('x/mounts/1');
    const mount = { sequence: 1, artifact: 'container-mount', name, type: 'file' } as const;
    expect((await pass(text, 'ok', 'x/diff/walk.txt', mount)).why).to.deep.equal([]);
    const layers = { ...mount, artifact: 'container-diff' };
    expect((await pass(text, 'ok', 'x/diff/walk.txt', layers)).why).to.deep.equal([
      'skipped: it is not there',
    ]);
  });
});

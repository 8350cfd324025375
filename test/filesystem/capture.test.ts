import { expect } from 'chai';
import { Capture } from '../../src/filesystem/capture.ts';
import { MemorySink } from '../collector/local-node.ts';

async function send(
  sink: Capture,
  artifact: string,
  name: string,
  text: string,
  outcome: 'ok' | 'truncated' = 'ok',
): Promise<void> {
  await sink.begin({ sequence: 1, artifact, name: Buffer.from(name), type: 'file' });
  for (const piece of text.match(/.{1,3}/gs) ?? []) await sink.write(Buffer.from(piece));
  await sink.end({ outcome, length: text.length });
}

describe('capture', () => {
  it('passes everything on and keeps whole items of the wanted artifacts', async () => {
    const evidence = new MemorySink();
    const capture = new Capture(evidence, new Set(['walk']), 100);
    await send(capture, 'walk', 'dir/a', 'content a');
    await send(capture, 'other', 'dir/b', 'content b');
    await send(capture, 'walk', 'dir/c', 'cut', 'truncated');
    await send(capture, 'walk', 'elsewhere/d', 'd');
    expect(evidence.items.map(({ data }) => data.toString())).to.deep.equal([
      'content a',
      'content b',
      'cut',
      'd',
    ]);
    expect([...capture.complete('dir')].map(([name, bytes]) => [name, bytes.toString()])).to.deep.equal([
      ['a', 'content a'],
    ]);
    expect([...capture.items.keys()]).to.deep.equal(['dir/a', 'dir/c', 'elsewhere/d']);
  });
  it('keeps no more than its limit, and the evidence all the same', async () => {
    const evidence = new MemorySink();
    const capture = new Capture(evidence, new Set(['walk']), 10);
    await send(capture, 'walk', 'dir/large', 'x'.repeat(50));
    expect(capture.complete('dir').size).to.equal(0);
    expect(evidence.named('dir/large').data).to.have.length(50);
  });
});

import { Writable } from 'node:stream';
import { expect } from 'chai';
import { sleepFor, writeChunk, writeLine } from '../../src/output/io.ts';

describe('writeChunk', () => {
  it('waits until the stream has taken the chunk', async () => {
    const taken: string[] = [];
    const slow = new Writable({
      write(chunk: Buffer, _encoding, done) {
        setTimeout(() => {
          taken.push(chunk.toString());
          done();
        }, 5);
      },
    });
    await writeLine(slow, 'one');
    expect(taken).to.deep.equal(['one\n']);
  });

  it('rejects when the stream fails', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) });
    broken.on('error', () => undefined);
    const failure = await writeChunk(broken, 'x').catch((error: unknown) => error);
    expect(failure).to.have.property('message', 'disk full');
  });
});

describe('sleepFor', () => {
  it('rejects with the reason of the signal', async () => {
    const controller = new AbortController();
    const sleeping = sleepFor(10_000, controller.signal).catch((error: unknown) => error);
    controller.abort(new Error('interrupted'));
    expect(await sleeping).to.have.property('message', 'interrupted');
  });
});

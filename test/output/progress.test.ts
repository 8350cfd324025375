import { Writable } from 'node:stream';
import { expect } from 'chai';
import { createProgress } from '../../src/output/progress.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('createProgress', () => {
  it('writes one line for each step, to stderr', async () => {
    const io = memoryIo();
    const progress = createProgress(io);
    await progress.step('cut', '3 established connections stopped', 210);
    await progress.step('guard', '', 40, 'part');
    await progress.note('Pod', 'web-0 on node-a');
    await progress.warn('slow');
    expect(io.err().split('\n')).to.deep.equal([
      '   done   cut         0.21s   3 established connections stopped',
      '   part   guard       0.04s',
      'Pod       web-0 on node-a',
      'warning: slow',
      '',
    ]);
    expect(io.out()).to.equal('');
  });

  it('says what is going on only on a terminal, and puts the next line in its place', async () => {
    const plain = memoryIo();
    await createProgress(plain).running('pull', 'node-a');
    expect(plain.err()).to.equal('');

    const io = memoryIo({ stderrTerminal: true, columns: 20, env: { NO_COLOR: '1' } });
    const progress = createProgress(io);
    await progress.running('pull', 'node-a and many more');
    await progress.step('pull', '', 5);
    expect(io.err()).to.equal('\r\x1b[2K   ...    pull     \r\x1b[2K   done   pull        0.01s\n');
  });

  it('sends a terminal that cannot erase a line no command to do so', async () => {
    const io = memoryIo({ stderrTerminal: true, env: { TERM: 'dumb' } });
    const progress = createProgress(io);
    await progress.running('pull', 'node-a');
    await progress.step('pull', '', 5);
    expect(io.err()).to.equal('   done   pull        0.01s\n');
  });

  it('goes on when nobody reads it any more', async () => {
    const stderr = new Writable({
      write: (_chunk, _encoding, next) => next(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    stderr.on('error', () => undefined);
    const progress = createProgress(memoryIo({ stderr, stderrTerminal: true }));
    await progress.step('cut', '', 5);
    await progress.running('prove', '');
    await progress.note('Pod', 'web-0');
    await progress.warn('slow');
  });

  it('lets no text steer the terminal', async () => {
    const io = memoryIo();
    const progress = createProgress(io);
    await progress.step('a\nHOLDS', '\x1b]0;x\x07', 1);
    await progress.note('\r', '\u202e');
    await progress.warn('a\nb');
    expect(io.err().trimEnd().split('\n')).to.have.length(3);
    expect(io.err()).to.not.match(/[^\P{Cc}\n]|\p{Cf}/u);
  });
});

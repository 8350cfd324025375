import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { fileDestination, streamDestination } from '../../src/evidence/destination.ts';
import { Digested } from '../../src/evidence/digested.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox, piecesOf } from './sandbox.ts';

const archive = { dir: '.', content: '', most: 10 };

describe('destination', () => {
  it('is a new file', () =>
    inSandbox(async (dir) => {
      const destination = fileDestination(join(dir, 'x.tar'));
      const facts = await destination.write(piecesOf(Buffer.from('abc'), 2), archive, new Digested());
      expect(facts).to.deep.equal({ file: 'x.tar' });
      expect(await readFile(join(dir, 'x.tar'), 'utf8')).to.equal('abc');
    }));

  it('is a stream that stays open', async () => {
    const io = memoryIo();
    await streamDestination(io.stdout).write(piecesOf(Buffer.from('abc'), 2), archive, new Digested());
    io.stdout.write('d');
    expect(io.out()).to.equal('abcd');
  });

  it('starts every encryption of its own', async () => {
    const destination = streamDestination(memoryIo().stdout);
    expect(await destination.begin(archive)).to.not.deep.equal(await destination.begin(archive));
  });
});

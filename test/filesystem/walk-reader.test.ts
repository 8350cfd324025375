import { expect } from 'chai';
import { WalkReader } from '../../src/filesystem/walk-reader.ts';
import { OperationError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import type { MadeTrees } from './walk-outputs.ts';
import { token, walkText } from './walk-outputs.ts';

describe('the output of a walk while it arrives', () => {
  const files = [
    { path: '/a\nb', size: 1 },
    { path: '/l', size: 2, target: 't' },
    { path: `/${'x'.repeat(60)}>batch present`, size: 3 },
  ];
  const trees: MadeTrees = { upper: files, image: [...files, { path: '/gone' }], container: files };
  const text = Buffer.from(
    walkText(trees, { upper: '/s/n\n', deleted: ['/gone'], errors: `x: ${token}/y: File name too long\n` }),
    'latin1',
  );
  const read = async (bytes: Buffer, piece: number): Promise<string[]> => {
    const seen: string[] = [];
    const reader = new WalkReader(token, {
      upper: (path) => seen.push(`upper ${path}`),
      batch: ({ kind, paths }) => Promise.resolve(void seen.push(`${kind} ${paths.join(' ')}`)),
      complaints: (lines) => seen.push(...lines),
    });
    for (let at = 0; at < bytes.length; at += piece) await reader.write(bytes.subarray(at, at + piece));
    await reader.end();
    return seen;
  };

  it('gives the same parts in whatever pieces it comes', async () => {
    const whole = ['upper /s/n\n', 'deleted /gone', `present ${files.map(({ path }) => path).join(' ')}`];
    for (const piece of [1, 7, 26, 27, 64, text.length])
      expect(await read(text, piece)).to.deep.equal([...whole, 'x: /y: File name too long']);
  });
  it('is refused when it is cut anywhere, or goes on after its end', async () => {
    for (let length = 0; length < text.length; length += 1)
      expect(await failureOf(read(text.subarray(0, length), 50)), `at ${length}`).to.be.instanceOf(
        OperationError,
      );
    expect(await failureOf(read(Buffer.concat([text, text]), 50))).to.be.instanceOf(OperationError);
  });
});

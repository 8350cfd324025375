import { expect } from 'chai';
import fc from 'fast-check';
import { isMalformed, type Malformed } from '../../src/artifacts/lines.ts';
import { type PodDiffPiece, PodDiffPieces } from '../../src/artifacts/pod-diff.ts';
import { hostileBytes } from './hostile.ts';
import { anyText } from '../support/any-text.ts';

/** The pieces of bytes that come so many at a time. */
function cut(bytes: Buffer, size: number): (PodDiffPiece | Malformed)[] {
  const pieces = new PodDiffPieces();
  const found: (PodDiffPiece | Malformed)[] = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...pieces.write(bytes.subarray(at, at + size)));
  return [...found, ...pieces.end()];
}

const change = fc.record({
  path: anyText(),
  change: fc.constant('added'),
  before: fc.record({ flags: fc.array(fc.string()), changes: fc.constant([{}]) }),
});
const container = fc.record({
  name: fc.string(),
  mounts: fc.array(fc.record({ path: fc.string(), changes: fc.constant([{ a: [{}] }]) }), { maxLength: 2 }),
  summary: fc.record({ counts: fc.constant({ changes: 1 }) }),
  changes: fc.array(change, { maxLength: 4 }),
});
const diff = fc.record({
  apiVersion: fc.constant('kubectl-ir/v1'),
  pod: fc.record({ namespace: fc.string(), name: fc.string() }),
  containers: fc.array(container, { maxLength: 3 }),
});

describe('PodDiffPieces', () => {
  it('cut a diff into what was put into it, however it arrives', () => {
    fc.assert(
      fc.property(
        diff,
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom(undefined, 2),
        (whole, size, indent) => {
          const expected = [
            { kind: 'pod', pod: whole.pod },
            ...whole.containers.flatMap(({ changes, ...about }) => [
              { kind: 'container', container: { ...about, changes: [] } },
              ...changes.map((one) => ({ kind: 'change', change: one })),
            ]),
          ];
          const text = JSON.stringify(whole, undefined, indent);
          // What JSON can't hold comes back as JSON has it.
          expect(cut(Buffer.from(text), size)).to.deep.equal(JSON.parse(JSON.stringify(expected)));
        },
      ),
    );
  });

  it('tells when it is cut', () => {
    const text = '{"pod":{},"containers":[{"name":"web","changes":[{"path":"/x"},{"pa';
    const found = cut(Buffer.from(text), 7);
    expect(found.filter((one) => !isMalformed(one))).to.have.length(3);
    expect(found.at(-1)).to.include({ malformed: 'the diff is cut' });
  });

  it('lives through hostile bytes', () => {
    const sound =
      '{"pod":{"name":"x"},"containers":[{"name":"web","mounts":[{}],"changes":[{"path":"/x"},{}]}]}';
    fc.assert(
      fc.property(hostileBytes(sound), fc.integer({ min: 1, max: 64 }), (bytes, size) => {
        const found = cut(bytes, size);
        expect(found.length).to.be.at.most(bytes.length + 1);
        for (const [index, one] of found.entries())
          if (isMalformed(one)) expect(index).to.equal(found.length - 1);
      }),
    );
  });
});

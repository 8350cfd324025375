import { expect } from 'chai';
import fc from 'fast-check';
import { MemberNames, safeMemberName } from '../../src/evidence/member-name.ts';

const segment = fc.constantFrom('a', 'b', 'a~2', '..', '.', '', 'x\0', 'é');
const path = fc.array(segment, { maxLength: 4 }).map((segments) => Buffer.from(segments.join('/')));

describe('member names', () => {
  it('stay below where they are unpacked, and acceptable ones are kept as they are', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          path,
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ),
        (name) => {
          const safe = safeMemberName(name);
          const segments = safe.toString('latin1').split('/');
          expect(segments.some((part) => part === '' || part === '.' || part === '..')).to.equal(false);
          expect(safe.includes(0)).to.equal(false);
          expect(safeMemberName(safe).equals(safe)).to.equal(true);
        },
      ),
    ));

  it('are given once, and never below a name that is no directory', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(path, fc.boolean())), (wanted) => {
        const names = new MemberNames();
        const given = wanted.map(([name, directory]) => ({
          name: names.claim(safeMemberName(name), directory).toString('latin1'),
          directory,
        }));
        expect(new Set(given.map(({ name }) => name)).size).to.equal(given.length);
        const leaves = given.filter(({ directory }) => !directory);
        for (const { name } of given)
          expect(leaves.some((leaf) => name.startsWith(`${leaf.name}/`))).to.equal(false);
      }),
    ));
});

import { expect } from 'chai';
import fc from 'fast-check';
import { OperationError } from '../../src/output/errors.ts';
import { parseWalk, walkItems } from '../../src/filesystem/walk.ts';
import { token, walkOutputs } from './walk-outputs.ts';

const hostile = fc
  .uint8Array({ minLength: 1, maxLength: 30 })
  .map((bytes) => `/${Buffer.from(bytes).toString('latin1').replaceAll('\0', '\n')}`);
const known = fc.constantFrom(
  "/x' -> 'y",
  '/a\n81ed|0|0|0|1|0|0|',
  '/==> b <==\n',
  `/${'0'.repeat(64)}  x\n`,
  '/c\nsecurity.capability=x\n',
  '/@',
  '/end\n',
  '/-rf',
);
const names = fc.uniqueArray(fc.oneof(hostile, known), { maxLength: 12 });

describe('the outputs of a walk', () => {
  it('give back every name, target, hash and start as they were', () => {
    fc.assert(
      fc.property(names, (paths) => {
        const files = paths.map((path, i) => ({
          path,
          size: i,
          ...(i % 3 === 0 ? { target: paths[(i * 7) % paths.length] ?? '' } : {}),
        }));
        const walk = parseWalk(walkOutputs({ upper: files, image: [], container: files }), token);
        expect([...walk.container.keys()]).to.deep.equal(paths);
        for (const { path, size, target } of files) {
          expect(walk.upper.get(path)).to.include({ size, type: target === undefined ? 'file' : 'symlink' });
          expect(walk.upper.get(path)?.target).to.equal(target);
          expect(walk.containerNames.has(path)).to.equal(true);
          if (target !== undefined) continue;
          expect(walk.containerHashes.get(path)).to.equal(size.toString(16).padStart(64, '0'));
          expect(walk.starts.get(path)).to.equal('==> ');
        }
        expect(walk.containerHashes.size).to.equal(files.filter(({ target }) => target === undefined).length);
      }),
    );
  });
  it('are refused when any of them is cut anywhere, or missing', () => {
    const files = [
      { path: '/a\nb', size: 1 },
      { path: '/l', size: 2, target: 't' },
      { path: '/c', size: 3 },
    ];
    const whole = walkOutputs({ upper: files, image: files, container: files });
    for (const name of walkItems) {
      const bytes = whole.get(name) ?? Buffer.alloc(0);
      if (name !== 'walk.errors')
        for (let length = 0; length < bytes.length; length += 1) {
          const cut = new Map(whole).set(name, bytes.subarray(0, length));
          expect(() => parseWalk(cut, token), `${name} at ${length}`).to.throw(OperationError, name);
        }
      const missing = new Map(whole);
      missing.delete(name);
      expect(() => parseWalk(missing, token)).to.throw(
        OperationError,
        `${name} cannot be used: it is missing`,
      );
    }
  });
  it('never give an entry that is not there when bytes are changed', () => {
    const files = [
      { path: '/a', size: 1 },
      { path: '/b', size: 2 },
    ];
    const whole =
      walkOutputs({ upper: files, image: files, container: files }).get('container.stat') ?? Buffer.alloc(0);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const bytes = Buffer.from(whole);
        bytes[at] = ((bytes[at] ?? 0) + by) % 256;
        const outputs = walkOutputs({ upper: files, image: files, container: files }).set(
          'container.stat',
          bytes,
        );
        try {
          expect(parseWalk(outputs, token).container.size).to.equal(2);
        } catch (error) {
          expect(error).to.be.instanceOf(Error);
        }
      }),
    );
  });
  it('have capabilities only from a collector that can read them', () => {
    const outputs = walkOutputs({
      upper: [],
      image: [],
      container: [
        { path: '/a', size: 1 },
        { path: '/b\nsecurity.capability=x', size: 1 },
      ],
    });
    expect(parseWalk(outputs, token).containerCapabilities).to.equal(undefined);
    const text = `# file: ${token}/a\nsecurity.capability="\x01\0\0\x02\n\n"\n\n# file: ${token}/b\nsecurity.capability=x\n`;
    for (const side of ['image', 'container'])
      outputs.set(`${side}.capability`, Buffer.from(`${text}${token}end\n`, 'latin1'));
    expect([...(parseWalk(outputs, token).containerCapabilities ?? [])]).to.deep.equal([
      ['/a', '"\x01\0\0\x02\n\n"'],
    ]);
  });
});

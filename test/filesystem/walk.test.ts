import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { OperationError } from '../../src/output/errors.ts';
import { parseBatch } from '../../src/filesystem/walk.ts';
import { presentSections, token } from './walk-outputs.ts';

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

/** The sections that diff.sh prints of paths that are there, whatever programs the collector has. */
function printedSections(): string[] {
  const script = readFileSync(new URL('../../src/collector/scripts/diff.sh', import.meta.url), 'utf8');
  const [, batch = ''] = /^batch\(\) \{\n(.*?)^\}/ms.exec(script) ?? [];
  const always = batch.replace(/^ *command -v .*?^ *done$/ms, '');
  const names = [
    ...always.matchAll(/^ *(?:section (paths)|stats (\w+) .*|contents "?([$\w]+)"? \S+ (\w+) .*)$/gm),
  ];
  return names.flatMap(([, whole, view, of = '', part = '']) =>
    whole !== undefined
      ? [whole]
      : view !== undefined
        ? [`${view}.stat`]
        : (of === '$side' ? ['image', 'container'] : [of]).map((side) => `${side}.${part}`),
  );
}

describe('the outputs of a walk', () => {
  it('give back every name, target, hash and start as they were', () => {
    fc.assert(
      fc.property(names, (paths) => {
        const files = paths.map((path, i) => ({
          path,
          size: i,
          ...(i % 3 === 0 ? { target: paths[(i * 7) % paths.length] ?? '' } : {}),
        }));
        const walk = parseBatch(
          'present',
          presentSections({ upper: files, image: [], container: files }),
          token,
        );
        expect([...walk.container.keys()]).to.deep.equal(paths);
        expect(walk.paths).to.deep.equal(paths);
        for (const { path, size, target } of files) {
          expect(walk.upper.get(path)).to.include({ size, type: target === undefined ? 'file' : 'symlink' });
          expect(walk.upper.get(path)?.target).to.equal(target);
          if (target !== undefined) continue;
          expect(walk.containerHashes.get(path)).to.equal(size.toString(16).padStart(64, '0'));
          expect(walk.starts.get(path)).to.equal('==> ');
        }
        expect(walk.containerHashes.size).to.equal(files.filter(({ target }) => target === undefined).length);
      }),
    );
  });
  it('are refused when a section is missing that diff.sh prints', () => {
    const files = [{ path: '/a\nb', size: 1 }];
    const names = printedSections();
    expect(names).to.have.members([
      ...presentSections({ upper: files, image: files, container: files }).keys(),
    ]);
    for (const name of names) {
      const sections = presentSections({ upper: files, image: files, container: files });
      sections.delete(name);
      expect(() => parseBatch('present', sections, token)).to.throw(
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
    const sections = presentSections({ upper: files, image: files, container: files });
    const whole = sections.get('container.stat') ?? '';
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = String.fromCharCode((whole.charCodeAt(at) + by) % 256);
        sections.set('container.stat', whole.slice(0, at) + changed + whole.slice(at + 1));
        try {
          expect(parseBatch('present', sections, token).container.size).to.equal(2);
        } catch (error) {
          expect(error).to.be.instanceOf(Error);
        }
      }),
    );
  });
  it('have capabilities only from a collector that can read them', () => {
    const sections = presentSections({
      upper: [],
      image: [],
      container: [
        { path: '/a', size: 1 },
        { path: '/b\nsecurity.capability=x', size: 1 },
      ],
    });
    expect(parseBatch('present', sections, token).containerCapabilities).to.equal(undefined);
    const text = `# file: ${token}/a\nsecurity.capability="\x01\0\0\x02\n\n"\n\n# file: ${token}/b\nsecurity.capability=x\n`;
    for (const side of ['image', 'container']) sections.set(`${side}.capability`, text);
    expect([...(parseBatch('present', sections, token).containerCapabilities ?? [])]).to.deep.equal([
      ['/a', '"\x01\0\0\x02\n\n"'],
    ]);
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { openCase } from '../../src/evidence/case.ts';
import { type CustodyLine, encodeCustodyLine } from '../../src/evidence/custody-line.ts';
import { sealCase } from '../../src/evidence/seal.ts';
import { parseAllowedSigners } from '../../src/evidence/signature/allowed-signers.ts';
import type { Judging } from '../../src/evidence/signature/signature-check.ts';
import type { Verdict } from '../../src/evidence/verification.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { signWith } from '../../src/subcommands/signing.ts';
import { memoryIo } from '../support/memory-io.ts';
import { fileHeader, inSandbox } from './sandbox.ts';
import { makeKey, signersFile } from './signature/keys.ts';
import {
  afterFile,
  custodyFile,
  type Files,
  linesOf,
  readFiles,
  rebuildBag,
  rebuildChain,
  rebuildStatement,
  withFiles,
  withLines,
} from './tamper.ts';

/** `npm test` asks for a thousand. */
const runs = Number(process.env['KUBECTL_IR_PROPERTY_RUNS'] ?? 100);

/** A case with some evidence, sealed, with two acts after the seal; signed when there is a key. */
async function makeCase(dir: string, key: string | undefined): Promise<Files> {
  const io = memoryIo();
  const opened = await openCase(io, { dir, target: 'shop', details: { number: '17', examiner: 'J. Doe' } });
  const acquisition = await opened.startAcquisition({ kind: 'node', target: 'node-a' });
  for (const name of ['[root]/etc/passwd', 'new\nline']) {
    await acquisition.begin(fileHeader(name));
    await acquisition.write(Buffer.from(name));
    await acquisition.end({ outcome: 'ok', length: Buffer.byteLength(name) });
  }
  await acquisition.finish({ outcome: 'complete' });
  await sealCase(opened);
  for (const action of ['remark', 'handover', 'archive'])
    await opened.custody.appendAfterSeal({ action, object: opened.name, result: 'done' });
  await opened.close();
  const signal = new AbortController().signal;
  if (key !== undefined) await signWith({ io, global: {}, signal }, dir, key);
  return readFiles(dir);
}

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

function at<T>(values: readonly T[], where: number): T {
  const value = values[Math.floor(where * values.length)];
  if (value === undefined) throw new Error('there is nothing to choose from');
  return value;
}

type Change = (files: Files) => Files;

/** A file that can be taken away without anyone who was not told of it missing it: see docs/evidence.md. */
const mayBeCut = afterFile;

const flip = fc
  .record({ file: share, byte: share, bit: fc.nat({ max: 7 }) })
  .map(({ file, byte, bit }): Change => {
    return (files) => {
      const [path, content] = at([...files], file);
      const changed = Buffer.from(content);
      const where = Math.floor(byte * content.length);
      changed.writeUInt8((content[where] ?? 0) ^ (1 << bit), where);
      return new Map([...files, [path, changed]]);
    };
  });

const resize = fc
  .record({ file: share, by: fc.integer({ min: -20, max: 20 }) })
  .map(({ file, by }): Change => {
    return (files) => {
      const [path, content] = at([...files], file);
      if (path === mayBeCut) return flipFirst(files);
      const size = Math.max(0, content.length + (by === 0 ? -1 : by));
      return new Map([...files, [path, Buffer.concat([content, Buffer.alloc(20, 10)]).subarray(0, size)]]);
    };
  });

function flipFirst(files: Files): Files {
  const [path, content] = at([...files], 0);
  return new Map([
    ...files,
    [path, Buffer.concat([Buffer.from([(content[0] ?? 0) ^ 1]), content.subarray(1)])],
  ]);
}

const places = ['', 'data/', 'data/acquisitions/', 'signature/', 'data/acquisitions/x/'];

const add = fc
  .record({
    place: fc.constantFrom(...places),
    name: fc.stringMatching(/^[a-z0-9]{1,8}(\.(txt|sig|jsonl))?$/),
    file: share,
  })
  .map(({ place, name, file }): Change => (files) => {
    const [, content] = at([...files], file);
    return new Map([...files, [`${place}${name}`, content]]);
  });

const remove = share.map((file): Change => (files) => {
  const [path] = at(
    [...files].filter(([name]) => name !== mayBeCut),
    file,
  );
  return new Map([...files].filter(([name]) => name !== path));
});

const move = fc.record({ from: share, to: share }).map(({ from, to }): Change => (files) => {
  const [path, content] = at([...files], from);
  const [other, replaced] = at([...files], to);
  if (content.equals(replaced)) return flipFirst(files);
  return new Map([...files, [path, replaced], [other, content]]);
});

/** Lines of custody added, removed, moved, edited; the tail cut. */
const edits: Readonly<Record<string, (lines: readonly string[], where: number, other: number) => string[]>> =
  {
    remove: (lines, where) => lines.toSpliced(Math.floor(where * (lines.length - 1)), 1),
    move: (lines, where, other) => {
      const from = Math.floor(where * lines.length);
      const to = (from + 1 + Math.floor(other * (lines.length - 1))) % lines.length;
      return lines.toSpliced(from, 1).toSpliced(to, 0, lines[from] ?? '');
    },
    add: (lines, where, other) => lines.toSpliced(Math.floor(where * lines.length), 0, at(lines, other)),
    forge: (lines, where) => {
      const place = Math.floor(where * lines.length);
      const line = JSON.parse(lines[place] ?? '') as CustodyLine;
      return lines.with(place, encodeCustodyLine({ ...line, result: 'forged' }));
    },
    edit: (lines, where) => {
      const place = Math.floor(where * lines.length);
      return lines.with(place, (lines[place] ?? '').replace('"result":"', '"result":"un'));
    },
  };

const cut = (lines: readonly string[], where: number): string[] =>
  lines.slice(0, 1 + Math.floor(where * (lines.length - 1)));

const rebuilds: readonly Change[] = [
  (files) => files,
  rebuildChain,
  (files) => rebuildBag(rebuildChain(files)),
  (files) => rebuildStatement(rebuildBag(rebuildChain(files))),
];

/** Without a chain made anew, a line edited without its sum is not even one. */
const custody = fc
  .record({
    edit: fc.constantFrom(...Object.values(edits), cut),
    where: share,
    other: share,
    rebuild: fc.constantFrom(...rebuilds),
  })
  .map(({ edit, where, other, rebuild }): Change => (files) => {
    return rebuild(withLines(files, custodyFile, edit(linesOf(files, custodyFile), where, other)));
  });

/** Beside the seal the end may be cut off or made anew, and no signature can tell; all else shows. */
const afterwards = fc
  .record({ edit: fc.constantFrom(...Object.values(edits)), where: share, other: share })
  .map(({ edit, where, other }): Change => (files) => {
    const lines = linesOf(files, afterFile);
    return withLines(files, afterFile, edit(lines, where * (1 - 1 / lines.length), other));
  });

const change = fc.oneof(flip, resize, add, remove, move, custody, afterwards);

function same(a: Files, b: Files): boolean {
  return a.size === b.size && [...a].every(([path, content]) => b.get(path)?.equals(content) === true);
}

/** Lays changed cases down, so many, one after the other, and hands over what verify says of each. */
async function tamper(
  dir: string,
  files: Files,
  judging: Judging,
  changes: fc.Arbitrary<Change>,
  numRuns: number,
  judge: (verdict: Verdict, files: Files) => void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(changes, async (make) => {
      const changed = make(files);
      // What changed nothing is no try.
      fc.pre(!same(changed, files));
      const { verdict } = await withFiles(join(dir, 'changed'), changed, () =>
        verifyPath(join(dir, 'changed'), { judging }),
      );
      judge(verdict, changed);
    }),
    { numRuns },
  );
}

describe('a case that was tampered with', () => {
  it(`is found, ${runs} times of ${runs}, when it was sealed and signed`, () =>
    inSandbox(async (dir) => {
      const key = await makeKey(dir, 'key');
      const files = await makeCase(join(dir, 'case'), key);
      const signers = parseAllowedSigners(await readFile(await signersFile(dir, { jane: key }), 'utf8'), '');
      const judging = { signers, now: memoryIo().now() };
      expect((await verifyPath(join(dir, 'case'), { judging })).verdict).to.equal('AUTHENTIC');
      let found = 0;
      await tamper(dir, files, judging, change, runs, (verdict) => {
        expect(verdict).to.be.oneOf(['BROKEN', 'CONSISTENT', 'UNSEALED']);
        found += 1;
      });
      expect(found).to.equal(runs);
    })).timeout(600_000);

  it('is never called more than consistent when it is not signed, however well it was rebuilt', () =>
    inSandbox(async (dir) => {
      const files = await makeCase(join(dir, 'case'), undefined);
      const key = await makeKey(dir, 'key');
      const signers = parseAllowedSigners(await readFile(await signersFile(dir, { jane: key }), 'utf8'), '');
      const verdicts = new Map<Verdict, number>();
      const rebuilt = change.chain((make) =>
        fc.constantFrom(...rebuilds).map((rebuild): Change => (found) => {
          const changed = make(found);
          const whole = ['data/case.json', custodyFile, 'bag-info.txt'].every((path) => changed.has(path));
          return whole && readable(changed) ? rebuild(changed) : changed;
        }),
      );
      const judging = { signers, now: memoryIo().now() };
      await tamper(dir, files, judging, rebuilt, Math.ceil(runs / 4), (verdict) => {
        expect(verdict).to.not.equal('AUTHENTIC');
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      });
      // Some of those who rebuild everything get through: that is what a signature is for.
      expect(verdicts.get('CONSISTENT')).to.be.greaterThan(0);
    })).timeout(600_000);
});

/** True where whoever rebuilds the chain could read it. */
function readable(files: Files): boolean {
  try {
    for (const line of linesOf(files, custodyFile)) JSON.parse(line);
    JSON.parse(files.get('data/case.json')?.toString('utf8') ?? '');
    return true;
  } catch {
    return false;
  }
}

import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { verifyPath } from '../../src/evidence/verify.ts';
import { sampleCase } from './sample.ts';
import { inSandbox, run } from './sandbox.ts';
import { makeKey } from './signature/keys.ts';

const script = fileURLToPath(new URL('full-disk-case.ts', import.meta.url));

/** A disk of its own, filled up but for `$4` blocks of 1 KiB; what is left in the case is copied out when it is over. */
const onFullDisk = `
mount -t tmpfs -o size=256k tmpfs "$1" && cp -r "$2" "$1/case" || exit 1
head -c 1048576 /dev/zero >"$1/filler" 2>/dev/null
truncate -s -"$4"K "$1/filler"
"$5" "$6" "$7" "$1/case" "$3"
cp -r "$1/case" "$2-after"
ls "$1" >"$2-beside"
`;

describe('full disk', () => {
  for (const [what, sealed, free, message] of [
    ['sign', true, 0, /no space left on this machine$/],
    ['sign', true, 4, /no space left on this machine$/],
    ['sign', false, 8, /^OperationError: cannot seal the case: no space left on this machine$/],
    ['describe', false, 8, /no space left on this machine$/],
    ['archive', true, 0, /no space left on this machine$/],
    ['archive', true, 24, /no space left for \S+\.tar$/],
    ['archive', false, 8, /^OperationError: cannot seal the case: no space left on this machine$/],
    ['redact', true, 0, /no space left on this machine$/],
    ['redact', true, 24, /^OperationError: cannot make the redacted case: no space left on this machine$/],
  ] as const)
    it(`is one clear error of ${what}, ${sealed ? 'sealed' : 'open'}, with ${free} KiB left; nothing is half-written`, () =>
      inSandbox(async (dir) => {
        const place = join(dir, 'case');
        await sampleCase(place, sealed);
        const key = await makeKey(dir, 'key');
        await mkdir(join(dir, 'disk'));
        const args = ['-c', onFullDisk, 'sh', join(dir, 'disk'), place, key, String(free), process.execPath];
        const said = await run('unshare', ['--mount', '--map-root-user', 'sh', ...args, script, what]);
        expect(said).to.match(message);
        expect(said).to.match(/^OperationError: /);
        expect(await readFile(`${place}-beside`, 'utf8')).to.match(
          /^case\n(?:case\.redaction-key\n)?filler\n$/,
        );
        // The case can be gone on with once there is room.
        const after = `${place}-after`;
        await cp(after, `${after}-again`, { recursive: true });
        expect((await verifyPath(after)).verdict).to.be.oneOf(
          sealed ? ['CONSISTENT'] : ['UNSEALED', 'BROKEN'],
        );
        const more = await run(process.execPath, [script, 'sign', `${after}-again`, key]);
        expect(more).to.equal('');
        expect((await verifyPath(`${after}-again`)).verdict).to.equal('CONSISTENT');
      })).timeout(60_000);
});

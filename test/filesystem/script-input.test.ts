import { expect } from 'chai';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { scriptInput } from '../../src/filesystem/script-input.ts';

describe('paths as input of a script', () => {
  it('come back from the shell as they were', () => {
    const byte = fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code));
    const path = fc.string({ unit: byte, maxLength: 30 }).map((name) => `/${name}`);
    fc.assert(
      fc.property(fc.array(path, { minLength: 40, maxLength: 60 }), (paths) => {
        const script = `while IFS= read -r escaped; do path=$(printf '%b.' "$escaped"); printf '%s\\0' "\${path%.}"; done`;
        const { stdout } = spawnSync('busybox', ['sh', '-c', script], {
          input: scriptInput(paths),
          env: { LC_ALL: 'C' },
        });
        expect(stdout.toString('latin1').split('\0').slice(0, -1)).to.deep.equal(paths);
      }),
      { numRuns: 4 },
    );
  });
  it('are plain lines', () => {
    expect(scriptInput(['/a b\n', "/$(id)'"]).toString()).to.equal(
      '/a\\0040b\\0012\n/\\0044\\0050id\\0051\\0047\n',
    );
  });
});

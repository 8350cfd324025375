import { execFile } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { pythonPackage } from '../support/python.ts';
import { memoryIo } from '../support/memory-io.ts';
import { signWith } from '../../src/subcommands/signing.ts';
import { sampleCase } from './sample.ts';
import { inSandbox } from './sandbox.ts';
import { makeKey, signersFile } from './signature/keys.ts';

/** The commands of the table of claims in docs/evidence.md, in its order. */
async function documented(): Promise<string[]> {
  const text = await readFile(new URL('../../docs/evidence.md', import.meta.url), 'utf8');
  const table = text.slice(text.indexOf('| claim |'), text.indexOf('`kubectl ir verify CASE --signers'));
  const commands = table
    .split('\n')
    .map((row) => /\| `([^`]+)`[^|]*\|$/.exec(row.replaceAll('\\|', '\u0000'))?.[1]);
  return commands.flatMap((command) => (command === undefined ? [] : [command.replaceAll('\u0000', '|')]));
}

/** Runs a command of the documentation in a case; rejects when it fails. */
async function shell(dir: string, command: string, path: string): Promise<string> {
  const options = { cwd: dir, env: { PATH: path, LC_ALL: 'C', PYTHONPATH: path.split(':')[0] } };
  return (await promisify(execFile)('bash', ['-euc', `set -o pipefail; ${command}`], options)).stdout;
}

describe('commands of docs/evidence.md', () => {
  it('pass on a signed case, and those that compare fail on a changed one', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await sampleCase(place);
      const key = await makeKey(dir, 'key');
      await signWith({ io: memoryIo(), global: {}, signal: new AbortController().signal }, place, key);
      const signers = await signersFile(dir, { jane: key });
      const packages = await pythonPackage('bagit', '1.9.0');
      const [sig = ''] = (await readdir(join(place, 'signature'))).filter((name) => name.endsWith('.sig'));
      const [node = ''] = (await readdir(join(place, 'data/acquisitions'))).filter((name) =>
        name.includes('-node-'),
      );
      const acquisition = join(place, 'data/acquisitions', node);
      const tar = (await readdir(acquisition)).find((name) => name.endsWith('.tar')) ?? '';
      const filled = (command: string): string =>
        command
          .replace('allowed_signers', signers)
          .replace('signature/FILE.sig', `signature/${sig}`)
          .replace('bagit.py --validate', `python3 ${packages}/bagit.py --validate --quiet`)
          .replace('UAC.tar', tar)
          .replace('MEMBER', "'[root]/etc/passwd'");
      const path = `${packages}:/usr/bin:/bin`;
      const commands = (await documented()).map(filled);
      expect(commands).to.have.length(10);
      const inAcquisition = (command: string): boolean => /items\.jsonl|^tar /.test(command);
      const output = new Map<string, string>();
      for (const command of commands)
        output.set(command, await shell(inAcquisition(command) ? acquisition : place, command, path));
      const printed = (start: string): string =>
        [...output].find(([command]) => command.startsWith(start))?.[1].split(' ')[0] ?? 'nothing';
      const statement = await readFile(join(place, 'signature/statement.txt'), 'utf8');
      expect(statement).to.contain(`# custody ${printed('tail')}\n`);
      expect(await readFile(join(acquisition, 'items.jsonl'), 'utf8')).to.contain(printed('tar'));
      expect(await readFile(join(acquisition, 'acquisition.json'), 'utf8')).to.contain(
        printed('sha256sum items'),
      );
      const custody = await readFile(join(place, 'data/custody.jsonl'), 'utf8');
      const links = (output.get(commands.find((command) => command.startsWith('while')) ?? '') ?? '').split(
        '\n',
      );
      const prevs = custody
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { prev: string }).prev);
      expect(links.map((line) => line.split(' ')[0]).slice(0, prevs.length - 1)).to.deep.equal(
        prevs.slice(1),
      );

      const changes: Record<string, readonly string[]> = {
        'data/case.json': ['sha256sum --strict --quiet -c manifest', 'python3'],
        'data/extra': ['find', 'python3'],
        'manifest-sha256.txt': ['sha256sum --strict --quiet -c tagmanifest', 'python3'],
        'tagmanifest-sha256.txt': ['sha256sum --strict -c signature'],
        'signature/statement.txt': ['ssh-keygen'],
      };
      for (const [file, starts] of Object.entries(changes)) {
        const changed = join(dir, `changed-${file.replaceAll('/', '-')}`);
        await cp(place, changed, { recursive: true });
        await writeFile(join(changed, file), 'changed\n');
        for (const start of starts) {
          const command = commands.find((other) => other.startsWith(start)) ?? 'none';
          const failed = await shell(changed, command, path).then(
            () => false,
            () => true,
          );
          expect(failed, `${command} after a change of ${file}`).to.equal(true);
        }
      }
    })).timeout(120_000);
});

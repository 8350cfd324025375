import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MemoryIo } from '../../support/memory-io.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { run } from '../sandbox.ts';

/** Kinds of keys and the arguments by which ssh-keygen makes one. */
export const kinds: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['ed25519', ['-t', 'ed25519']],
  ['ecdsa 256', ['-t', 'ecdsa', '-b', '256']],
  ['ecdsa 384', ['-t', 'ecdsa', '-b', '384']],
  ['ecdsa 521', ['-t', 'ecdsa', '-b', '521']],
  ['rsa', ['-t', 'rsa', '-b', '2048']],
];

/** Makes a key with ssh-keygen; answers the path of its private half. */
export async function makeKey(
  dir: string,
  name: string,
  args: readonly string[] = ['-t', 'ed25519'],
  passphrase = '',
): Promise<string> {
  const path = join(dir, name);
  await run('ssh-keygen', ['-q', ...args, '-N', passphrase, '-C', `${name}@example.org`, '-f', path]);
  return path;
}

/** An allowed-signers file that gives the keys to those named; `options` stand before each key. */
export async function signersFile(
  dir: string,
  keys: Readonly<Record<string, string>>,
  options = '',
): Promise<string> {
  const path = join(dir, 'allowed_signers');
  const lines = await Promise.all(
    Object.entries(keys).map(async ([principal, key]) => {
      const [type, base64] = (await readFile(`${key}.pub`, 'utf8')).split(' ');
      return `${principal} ${options}${options === '' ? '' : ' '}${type ?? ''} ${base64 ?? ''}\n`;
    }),
  );
  await writeFile(path, lines.join(''));
  return path;
}

/** What ssh-keygen says of a signature over a text: true when it takes it. */
export function sshKeygenAccepts(
  signers: string,
  principal: string,
  signature: string,
  text: string,
): Promise<boolean> {
  const args = ['-Y', 'verify', '-f', signers, '-I', principal, '-n', 'kubectl-ir', '-s', signature];
  return new Promise((resolve) => {
    const child = execFile('ssh-keygen', args, (error) => resolve(error === null));
    child.stdin?.end(text);
  });
}

/** Runs `work` with a real ssh-agent that holds the given keys. */
export async function withAgent<T>(
  dir: string,
  keys: readonly string[],
  work: (io: MemoryIo) => Promise<T>,
): Promise<T> {
  const socket = join(dir, 'agent.sock');
  const agent: ChildProcess = spawn('ssh-agent', ['-D', '-a', socket], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    if (agent.stdout !== null) await once(createInterface({ input: agent.stdout }), 'line');
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin', SSH_AUTH_SOCK: socket };
    for (const key of keys) await promisify(execFile)('ssh-add', ['-q', key], { env });
    return await work(memoryIo({ env }));
  } finally {
    agent.kill('SIGTERM');
    await once(agent, 'exit');
  }
}

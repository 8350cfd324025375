import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Identity, parseIdentities } from '../evidence/age/keys.ts';
import type { ByteSource } from '../evidence/byte-source.ts';
import { type AllowedSigner, parseAllowedSigners } from '../evidence/signature/allowed-signers.ts';
import { connectAs, StorageObject } from '../evidence/storage/storage-object.ts';
import { openStorageSource } from '../evidence/storage/storage-source.ts';
import { isStorageUrl, parseStorageUrl } from '../evidence/storage/storage-url.ts';
import type { Problem, Verification } from '../evidence/verification.ts';
import { verifyPath } from '../evidence/verify.ts';
import { exitCode, OperationError, UsageError, VerificationError } from '../output/errors.ts';
import { type Io, writeLine } from '../output/io.ts';
import { terminalLine } from '../output/line.ts';
import { printData } from '../output/printer.ts';
import { renderTable } from '../output/table.ts';
import { defineCommand } from './command.ts';
import { outputFlags } from './flags.ts';

/** Problems that a table shows without `-o wide`. */
const shown = 20;

/**
 * `kubectl ir verify CASE|ARCHIVE|s3://…`: whether anything was altered, and with `--signers` whether one of them signed it. What
 * is not so is answered and then thrown.
 */
export const command = defineCommand({
  flags: {
    signers: {
      type: 'string',
      summary: 'allowed-signers file (ssh-keygen(1)) with the keys that must have signed it',
      placeholder: 'FILE',
    },
    identity: {
      type: 'string',
      repeated: true,
      summary: 'file with an age identity that opens an encrypted archive',
      placeholder: 'FILE',
    },
    ...outputFlags,
  },
  afterInterrupt: 'nothing was changed; run it again',
  complete: async (words, flags, { io }) => {
    const [path = io.env['KUBECTL_IR_CASE'], ...more] = words;
    if (path === undefined || path === '' || more.length > 0)
      throw new UsageError('verify takes one case or archive: kubectl ir verify CASE|ARCHIVE');
    const signers = flags.signers === undefined ? undefined : await readSigners(flags.signers);
    const identities = (await Promise.all(flags.identity.map(readIdentities))).flat();
    return { path: isStorageUrl(path) ? path : resolve(path), signers, identities, output: flags.output };
  },
  run: async ({ path, signers, identities, output }, { io, signal }) => {
    const judging = signers === undefined ? undefined : { signers: signers.list, now: io.now() };
    const objects: StorageObject[] = [];
    const openStorage = (text: string): Promise<ByteSource> => {
      const object = new StorageObject(parseStorageUrl(text), connectAs(io), signal);
      objects.push(object);
      return openStorageSource(object);
    };
    const verification = await verifyPath(path, { judging, identities, openStorage, signal }).finally(() =>
      Promise.all(objects.map((object) => object.close())),
    );
    if (output === 'json' || output === 'yaml') await printData(io, verification, output);
    else if (output === 'name')
      await writeLine(io.stdout, terminalLine(`${verification.type}/${verification.name}`));
    else await printTables(io, verification, output === 'wide' ? verification.problems.length : shown);
    const [first] = verification.problems;
    if (first !== undefined) throw broken(verification, first);
    if (signers !== undefined && verification.verdict !== 'AUTHENTIC')
      throw notAuthentic(verification, signers.path);
    return verification.verdict === 'UNSEALED' ? exitCode.partial : exitCode.done;
  },
});

async function readSigners(
  path: string,
): Promise<{ readonly path: string; readonly list: readonly AllowedSigner[] }> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new OperationError(`cannot read the signers in ${path}`, {
      advice: 'give a file as in ssh-keygen(1), ALLOWED SIGNERS',
      cause,
    });
  });
  return { path, list: parseAllowedSigners(text, path) };
}

async function readIdentities(path: string): Promise<readonly Identity[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new OperationError(`cannot read the identity in ${path}`, {
      advice: 'give a file as age-keygen writes it',
      cause,
    });
  });
  const found = parseIdentities(text);
  if (typeof found !== 'string') return found;
  throw new UsageError(`--identity ${path} holds no X25519 identity of age: ${found}`);
}

async function printTables(
  io: Io,
  { verdict, name, checks, problems, problemCount }: Verification,
  most: number,
): Promise<void> {
  await writeLine(io.stdout, `${verdict}   ${terminalLine(name)}`);
  const rows = checks.map(({ check, result, detail }) => [check, result, detail]);
  await writeLine(io.stdout, renderTable(['CHECK', 'RESULT', 'DETAIL'], rows));
  if (problems.length === 0) return;
  const listed = problems.slice(0, most);
  await writeLine(
    io.stdout,
    renderTable(
      ['WHERE', 'PROBLEM'],
      listed.map(({ where, what }) => [where, what]),
    ),
  );
  if (problemCount > listed.length) await writeLine(io.stdout, `and ${problemCount - listed.length} more`);
}

function broken({ type, name, problemCount }: Verification, { where, what }: Problem): VerificationError {
  const more = problemCount > 1 ? `, and ${problemCount - 1} more` : '';
  return new VerificationError(terminalLine(`${type} ${name} is broken: ${where} ${what}${more}`), {
    advice: 'compare with another copy; keep this one as it is',
  });
}

function notAuthentic({ type, name, signatures }: Verification, signers: string): VerificationError {
  const why =
    signatures.length === 0
      ? 'nobody signed it'
      : `it is signed ${signatures.map(({ detail }) => detail).join('; and ')}`;
  return new VerificationError(terminalLine(`${type} ${name} is signed by nobody of ${signers}: ${why}`), {
    advice: 'whoever held it could have rebuilt it; get the public key of its signer from a source you trust',
  });
}

import { mkdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { OperationError } from '../../output/errors.ts';
import { statedHead } from '../case-bag-check.ts';
import type { Case } from '../case.ts';
import { hasCode, onDisk, syncDirectory, writeDurable } from '../durable-file.ts';
import { signaturePlace, tagFiles } from '../layout.ts';
import { sealCase } from '../seal.ts';
import type { Signer } from './signer.ts';
import { fingerprint, keyWord } from './ssh-public-key.ts';
import { WireError } from './ssh-wire.ts';
import { formatSshSig, messageHash, parseSshSig, signedBytes, verifySshSig } from './sshsig.ts';
import { type Sealed, signatureFile, signatureNamespace, statementFile, statementText } from './statement.ts';

/** A signature that was made. */
export interface MadeSignature {
  /** Relative to the case. */
  readonly file: string;
  readonly keyType: string;
  readonly fingerprint: string;
  /** True when the key had signed this seal before; then nothing was done. */
  readonly before: boolean;
}

/**
 * Signs the seal of a case, which is made first where there is none, and records it in the chain beside the bag. Others
 * may sign the same statement; each signature is a file of its own.
 */
export async function signCase(opened: Case, signer: Signer, signal?: AbortSignal): Promise<MadeSignature> {
  await sealCase(opened, signal);
  const { dir, custody } = opened;
  const { blob, type } = signer.publicKey;
  const file = signatureFile(keyWord(type), blob);
  const made = { file, keyType: keyWord(type), fingerprint: fingerprint(blob) };
  const text = statementText(await readSealed(dir, opened.name));
  const present = await readFile(join(dir, file)).catch(undefinedWhenMissing);
  if (present !== undefined) {
    if (!isSignature(present, text))
      throw new OperationError(`${file} of the case is no signature of its seal`, {
        advice: 'nothing was written; see what else is changed with: kubectl ir verify CASE',
      });
    return { ...made, before: true };
  }
  const act = { action: 'sign', object: file, details: { key: made.fingerprint, type } };
  await custody.appendAfterSeal({ ...act, result: 'started' });
  const data = signedBytes(signatureNamespace, messageHash, Buffer.from(text));
  const signature = await signer.sign(data);
  const armoured = formatSshSig({
    publicKey: signer.publicKey,
    namespace: signatureNamespace,
    hash: messageHash,
    signature,
  });
  if (!verifySshSig(parseSshSig(armoured), Buffer.from(text)))
    throw new OperationError(`the key ${made.fingerprint} gave no signature of what it was to sign`, {
      advice: 'nothing was written; try another key or agent',
    });
  await onDisk('write the signature', async () => {
    await mkdir(join(dir, signaturePlace), { recursive: true, mode: 0o700 });
    await writeDurable(join(dir, statementFile), text);
    await writeDurable(join(dir, file), armoured);
    await syncDirectory(dir);
  });
  const sha256 = createHash('sha256').update(armoured).digest('hex');
  await custody.appendAfterSeal({ ...act, result: 'done', details: { ...act.details, sha256 } });
  return { ...made, before: false };
}

function isSignature(bytes: Buffer, statement: string): boolean {
  try {
    return verifySshSig(parseSshSig(bytes.toString('latin1')), Buffer.from(statement));
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

/** What a seal is, read from the tag files of a sealed case. */
async function readSealed(dir: string, name: string): Promise<Sealed> {
  const names = tagFiles.filter((file) => file.startsWith('tagmanifest-'));
  const tagManifests = new Map<string, Buffer>();
  for (const file of names) tagManifests.set(file, await readFile(join(dir, file)));
  const bagInfo = new Map([['bag-info.txt', await readFile(join(dir, 'bag-info.txt'))]]);
  return { name, custodyHead: statedHead(bagInfo), tagManifests };
}

function undefinedWhenMissing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error;
}

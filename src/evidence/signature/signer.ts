import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { OperationError } from '../../output/errors.ts';
import { escapeForTerminal } from '../../output/escape.ts';
import type { Io } from '../../output/io.ts';
import { agentKeys, agentSign } from './ssh-agent.ts';
import { readPrivateKeyFile, type PrivateKeyFile } from './ssh-private-key.ts';
import { encodePublicKey, parsePublicKey, parsePublicKeyLine, type SshPublicKey } from './ssh-public-key.ts';
import { signSsh } from './ssh-signature.ts';
import { WireError } from './ssh-wire.ts';

/** A key that can sign now. */
export interface Signer {
  readonly publicKey: SshPublicKey;
  /** `file` or `agent`. */
  readonly by: 'file' | 'agent';
  /** The signature in SSH's wire format. */
  sign(data: Buffer): Promise<Buffer>;
}

/** Asks the user for the passphrase of a file; undefined where nobody can be asked. */
export type AskPassphrase = (path: string) => Promise<string | undefined>;

/** As often as ssh asks. */
const tries = 3;

/**
 * The key that a file names: a private key, or a public key whose private half an ssh-agent has. The agent is asked first
 * when the file is encrypted or its key lies in hardware. Throws OperationError that says what to do.
 */
export async function openSigner(
  io: Io,
  path: string,
  ask: AskPassphrase,
  signal?: AbortSignal,
): Promise<Signer> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new OperationError(`cannot read the key ${path}`, {
      advice: 'give the file of a private key, or of a public key that an ssh-agent has the private half of',
      cause,
    });
  });
  try {
    const file = readPrivateKeyFile(text);
    const publicKey = file?.publicKey ?? parsePublicKeyLine(text.trim())?.key;
    if (file === undefined && publicKey === undefined) throw new WireError('is no key of SSH');
    const inHardware = publicKey?.application !== undefined;
    if (file === undefined || publicKey === undefined || file.encrypted || inHardware) {
      const found = await fromAgent(io, publicKey, signal);
      if (found !== undefined) return found;
      if (publicKey !== undefined && (file === undefined || inHardware))
        throw new OperationError(`no ssh-agent has the private half of ${path}`, {
          advice: 'add it with ssh-add, so that $SSH_AUTH_SOCK leads to it',
        });
    }
    if (file === undefined) throw new WireError('is no private key');
    return await fromFile(path, file, ask);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new OperationError(`cannot sign with ${path}: it ${escapeForTerminal(error.message)}`, {
      advice: 'give another key',
      cause: error,
    });
  }
}

async function fromAgent(
  io: Io,
  wanted: SshPublicKey | undefined,
  signal: AbortSignal | undefined,
): Promise<Signer | undefined> {
  if (wanted === undefined) return undefined;
  const found = (await agentKeys(io, signal)).find(({ key }) => key.blob.equals(wanted.blob));
  if (found === undefined) return undefined;
  return { publicKey: found.key, by: 'agent', sign: (data) => agentSign(io, found.key, data, signal) };
}

async function fromFile(path: string, file: PrivateKeyFile, ask: AskPassphrase): Promise<Signer> {
  const privateKey = file.encrypted ? await unlock(path, file, ask) : await file.open('');
  if (privateKey === undefined) throw new WireError('is damaged');
  const publicKey = file.publicKey ?? parsePublicKey(encodePublicKey(createPublicKey(privateKey)));
  return { publicKey, by: 'file', sign: (data) => Promise.resolve(signSsh(privateKey, publicKey, data)) };
}

async function unlock(path: string, file: PrivateKeyFile, ask: AskPassphrase): Promise<KeyObject> {
  for (let count = 0; count < tries; count += 1) {
    const passphrase = await ask(path);
    if (passphrase === undefined)
      throw new OperationError(`the key ${path} needs its passphrase, and there is no terminal to ask on`, {
        advice: 'add the key to an ssh-agent with ssh-add, or run this on a terminal',
      });
    const key = await file.open(passphrase);
    if (key !== undefined) return key;
  }
  throw new OperationError(`that is not the passphrase of ${path}; nothing was signed`);
}

import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Io } from '../../output/io.ts';
import { OperationError } from '../../output/errors.ts';
import { parsePublicKey, type SshPublicKey } from './ssh-public-key.ts';
import { sshString, sshUint32, WireError, WireReader } from './ssh-wire.ts';

/** Message numbers and flags of the agent protocol (draft-ietf-sshm-ssh-agent, 5 and 6). */
const message = {
  failure: 5,
  requestIdentities: 11,
  identities: 12,
  signRequest: 13,
  signature: 14,
} as const;
const rsaSha512 = 4;
/** OpenSSH's own limit. */
const longest = 256 * 1024;

/** A key that the agent can sign with. */
export interface AgentKey {
  readonly key: SshPublicKey;
  readonly comment: string;
}

/** The keys of the agent at `$SSH_AUTH_SOCK`; none where there is no agent. Kinds not known here are left out. */
export async function agentKeys(io: Io, signal?: AbortSignal): Promise<AgentKey[]> {
  const path = io.env['SSH_AUTH_SOCK'];
  if (path === undefined || path === '') return [];
  const reader = await ask(path, Buffer.from([message.requestIdentities]), message.identities, signal);
  return Array.from({ length: reader.uint32() }, () => [reader.string(), reader.string()] as const).flatMap(
    ([blob, comment]) => {
      try {
        return [{ key: parsePublicKey(blob), comment: comment.toString('utf8') }];
      } catch (error) {
        if (error instanceof WireError) return [];
        throw error;
      }
    },
  );
}

/**
 * Has the agent sign; it may wait for a touch of a hardware key or for its own question. Answers the signature in wire
 * format. Throws OperationError when the agent refuses.
 */
export async function agentSign(
  io: Io,
  key: SshPublicKey,
  data: Buffer,
  signal?: AbortSignal,
): Promise<Buffer> {
  const request = Buffer.concat([
    Buffer.from([message.signRequest]),
    sshString(key.blob),
    sshString(data),
    sshUint32(key.type === 'ssh-rsa' ? rsaSha512 : 0),
  ]);
  const reader = await ask(io.env['SSH_AUTH_SOCK'] ?? '', request, message.signature, signal);
  return Buffer.from(reader.string());
}

/** One request and its answer, on a connection of its own. */
async function ask(
  path: string,
  request: Buffer,
  expected: number,
  signal: AbortSignal | undefined,
): Promise<WireReader> {
  const socket = createConnection({ path, ...(signal === undefined ? {} : { signal }) });
  try {
    await once(socket, 'connect', signal === undefined ? {} : { signal });
    socket.write(sshString(request));
    const answer = await readMessage(socket);
    const reader = new WireReader(answer);
    if (reader.byte() === expected) return reader;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new OperationError('the ssh-agent at $SSH_AUTH_SOCK does not answer', {
      advice: 'start one and add the key to it with ssh-add, or give the file of a private key',
      cause,
    });
  } finally {
    socket.destroy();
  }
  throw new OperationError('the ssh-agent refused to sign', {
    advice: 'it may be locked, or the question it asked was declined; see: ssh-add -l',
  });
}

async function readMessage(socket: Socket): Promise<Buffer> {
  let held = Buffer.alloc(0);
  for await (const chunk of socket) {
    held = Buffer.concat([held, chunk as Buffer]);
    if (held.length < 4) continue;
    const length = held.readUInt32BE();
    if (length > longest) throw new WireError('is too long');
    if (held.length >= 4 + length) return held.subarray(4, 4 + length);
  }
  throw new WireError('ends too early');
}

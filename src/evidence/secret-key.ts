import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ItemEnd } from '../artifacts/item.ts';
import type { Io } from '../output/io.ts';
import { nameWord, stampOf } from './layout.ts';

/** How a collector says that a file is a secret as a whole: its digest in place of its content (`frame_secret`). */
const digested = /^secret sha256 ([0-9a-f]{64})$/;

/**
 * The key of one run under which secrets are recognised again without being kept: HMAC-SHA256 over the sha256 of the
 * file in hexadecimal. Made when the first secret comes, in $XDG_STATE_HOME/kubectl-ir (default ~/.local/state), mode
 * 0600: never in the case, so that who has the case cannot try passwords against it, and never on a node.
 */
export class SecretKey {
  readonly #io: Io;
  readonly #caseName: string;
  #key: Promise<Buffer | undefined> | undefined;
  #path: string | undefined;
  #failure: string | undefined;

  constructor(io: Io, caseName: string) {
    this.#io = io;
    this.#caseName = caseName;
  }

  /** Where the key is; undefined while there is none. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Why there is none although a secret came. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** The end of an item as it may stand in a case: without the digest of a secret, of which passwords could be guessed. */
  async conceal(end: ItemEnd): Promise<ItemEnd> {
    const digest = digested.exec(end.detail ?? '')?.[1];
    if (digest === undefined) return end;
    this.#key ??= this.#make();
    const key = await this.#key;
    if (key === undefined) return withoutDigest(end);
    return {
      ...end,
      detail: `secret, hmac-sha256 ${createHmac('sha256', key).update(digest).digest('hex')}`,
    };
  }

  async #make(): Promise<Buffer | undefined> {
    const { env } = this.#io;
    const home = env['HOME'];
    const state = env['XDG_STATE_HOME'] ?? (home === undefined ? undefined : join(home, '.local/state'));
    if (state === undefined) {
      this.#failure = 'neither HOME nor XDG_STATE_HOME is set';
      return undefined;
    }
    const key = randomBytes(32);
    const dir = join(state, 'kubectl-ir');
    const path = join(dir, `${nameWord(this.#caseName)}-${stampOf(this.#io.now())}.key`);
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await writeFile(path, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      this.#failure = `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`;
      return undefined;
    }
    this.#path = path;
    return key;
  }
}

/** The end of an item of which nobody keeps an HMAC: a secret is told as one, and no more. */
export function withoutDigest(end: ItemEnd): ItemEnd {
  return digested.test(end.detail ?? '') ? { ...end, detail: 'secret' } : end;
}

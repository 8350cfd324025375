import { createHash } from 'node:crypto';
import { readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { jsonObject } from '../../artifacts/json.ts';
import { hasCode, syncDirectory, writeDurable } from '../durable-file.ts';

/** What is kept of an upload until it is finished, so that another process can go on with it. */
export interface UploadState {
  /** Where it goes. */
  readonly destination: string;
  /** Archives with the same text have the same bytes. */
  readonly content: string;
  readonly uploadId: string;
  /** Bytes of every part but the last. */
  readonly partSize: number;
  /** What the encryption started from, 32 bytes. Whoever has it can open what was uploaded, like whoever has the case. */
  readonly seed: Buffer;
}

/** The file with the state of an upload of a case: beside the case, for its owner alone, gone when the upload is done. */
export class UploadStateFile {
  readonly #path: string;

  constructor(caseDir: string, destination: string) {
    const word = createHash('sha256').update(destination).digest('hex').slice(0, 8);
    this.#path = `${caseDir}.upload-${word}.json`;
  }

  /** The state; undefined when there is none that can be used. */
  async read(): Promise<UploadState | undefined> {
    try {
      return parseState(await readFile(this.#path, 'utf8'));
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      return undefined;
    }
  }

  async write(state: UploadState): Promise<void> {
    const text = JSON.stringify({ ...state, seed: state.seed.toString('hex') }, undefined, 2);
    await writeDurable(this.#path, `${text}\n`);
  }

  async remove(): Promise<void> {
    try {
      await unlink(this.#path);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
    await syncDirectory(dirname(this.#path));
  }
}

function parseState(text: string): UploadState | undefined {
  const state = jsonObject(text) as Partial<Record<keyof UploadState, unknown>> | undefined;
  const { destination, content, uploadId, partSize, seed } = state ?? {};
  if (typeof destination !== 'string' || typeof content !== 'string' || typeof uploadId !== 'string')
    return undefined;
  if (typeof partSize !== 'number' || !Number.isSafeInteger(partSize) || partSize <= 0) return undefined;
  if (typeof seed !== 'string' || !/^[0-9a-f]{64}$/.test(seed)) return undefined;
  return { destination, content, uploadId, partSize, seed: Buffer.from(seed, 'hex') };
}

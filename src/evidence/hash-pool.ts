import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type HashedFile, type HashJob, makeHasher } from './hasher.ts';

/** Size and digests of a file; `other` is anything that is no plain file. */
export type FileDigests =
  | { readonly kind: 'file'; readonly size: number; readonly digests: ReadonlyMap<string, string> }
  | { readonly kind: 'other' };

interface Waiting {
  readonly job: HashJob;
  readonly resolve: (files: readonly HashedFile[]) => void;
  readonly reject: (error: Error) => void;
}

/** From here on a file is a job of its own. */
const largeFile = 8 * 1024 * 1024;
/** Files up to this size are hashed on the spot while there are few: a worker takes longer to start. */
const smallFile = 64 * 1024;
const fewFiles = 64;
const mostWorkers = 8;

const source = `const { parentPort } = require('node:worker_threads');
const hasher = (${makeHasher.toString()})(require('node:fs'), require('node:crypto'));
parentPort.on('message', (job) => parentPort.postMessage(hasher(job)));`;

/** Hashes files on all processors. Its workers, which start when they are needed, live until `close`. */
export class HashPool {
  readonly #idle: Worker[] = [];
  readonly #workers: Worker[] = [];
  readonly #running = new Map<Worker, Waiting>();
  readonly #waiting: Waiting[] = [];
  readonly #size: number;
  #failed: Error | undefined;
  #asked = 0;

  constructor(size = Math.min(availableParallelism(), mostWorkers)) {
    this.#size = size;
  }

  /** How many files may well be asked for at once: enough for every worker to have one in hand and one to come. */
  get width(): number {
    return this.#size * 2;
  }

  /**
   * Size and digests of some files, in their order. Rejects with the error of the operating system for a file that can't
   * be read.
   */
  async digest(paths: readonly string[], algorithms: readonly string[]): Promise<FileDigests[]> {
    this.#asked += paths.length;
    const files =
      this.#asked <= fewFiles
        ? makeHasher(fs, crypto)({ paths, algorithms, limit: smallFile })
        : await this.#run({ paths, algorithms, limit: largeFile });
    return Promise.all(
      paths.map(async (path, at) => {
        const file = files[at];
        if (file?.state !== 'large') return digestsOf(path, file, algorithms);
        const [large] = await this.#run({ paths: [path], algorithms, limit: undefined });
        return digestsOf(path, large, algorithms);
      }),
    );
  }

  /** Ends the workers; what was asked for and is not answered is rejected with `reason`. */
  async close(reason = new Error('the workers were ended')): Promise<void> {
    this.#fail(reason);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #run(job: Waiting['job']): Promise<readonly HashedFile[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#failed !== undefined) this.#fail(this.#failed);
    if (this.#waiting.length === 0) return;
    const worker = this.#idle.pop() ?? this.#start();
    if (worker === undefined) return;
    const waiting = this.#shift();
    if (waiting === undefined) return;
    this.#running.set(worker, waiting);
    worker.postMessage(waiting.job);
    this.#next();
  }

  /**
   * The next job. The last large file is shared out by its digests, so that no processor is idle while another one goes
   * through it; before that it is cheaper to read each file once.
   */
  #shift(): Waiting | undefined {
    const waiting = this.#waiting.shift();
    if (waiting === undefined || this.#waiting.length > 0) return waiting;
    const { job, resolve, reject } = waiting;
    if (job.limit !== undefined || job.algorithms.length < 2) return waiting;
    const parts = job.algorithms.map(
      (name) =>
        new Promise<readonly HashedFile[]>((done, failed) => {
          this.#waiting.push({ job: { ...job, algorithms: [name] }, resolve: done, reject: failed });
        }),
    );
    Promise.all(parts).then((files) => resolve([merged(files.flat())]), reject);
    return this.#waiting.shift();
  }

  #start(): Worker | undefined {
    if (this.#workers.length === this.#size) return undefined;
    const worker = new Worker(source, { eval: true });
    worker.on('message', (files: readonly HashedFile[]) => {
      const waiting = this.#running.get(worker);
      this.#running.delete(worker);
      this.#idle.push(worker);
      waiting?.resolve(files);
      this.#next();
    });
    worker.on('error', (error: Error) => this.#fail(error));
    this.#workers.push(worker);
    return worker;
  }

  #fail(error: Error): void {
    this.#failed ??= error;
    const left = [...this.#running.values(), ...this.#waiting.splice(0)];
    this.#running.clear();
    for (const { reject } of left) reject(this.#failed);
  }
}

/** One file whose digests were made one by one. */
function merged(parts: readonly HashedFile[]): HashedFile {
  const digests: string[] = [];
  let size = 0;
  for (const part of parts) {
    if (part.state !== 'hashed') return part;
    digests.push(...part.digests);
    size = part.size;
  }
  return { state: 'hashed', size, digests };
}

function digestsOf(path: string, file: HashedFile | undefined, algorithms: readonly string[]): FileDigests {
  if (file?.state === 'hashed') {
    const digests = new Map(algorithms.map((name, at) => [name, file.digests[at] ?? '']));
    return { kind: 'file', size: file.size, digests };
  }
  if (file?.state !== 'failed') return { kind: 'other' };
  throw Object.assign(new Error(file.message), { code: file.code, path, syscall: 'read' });
}

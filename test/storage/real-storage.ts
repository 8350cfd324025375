import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { processIo, writeLine } from '../../src/output/io.ts';
import { buildModule, type GoModule } from '../cluster/build.ts';

/** A server of objects, by the protocol of S3. */
export const versitygw: GoModule = {
  directory: '../storage/versitygw',
  packages: ['github.com/versity/versitygw/cmd/versitygw'],
  version: {
    of: 'github.com/versity/versitygw',
    variables: (version) => ({ 'main.Version': version }),
  },
  duration: 'one to two minutes',
};
const accessKey = 'responder';
const secretKey = 'a secret of the tests';
const io = processIo();

/** An S3-compatible server on loopback; its buckets are directories, its objects files. */
export interface RealStorage {
  readonly port: number;
  /** Where its buckets are. */
  readonly dir: string;
  stop(): Promise<void>;
}

/** The directory with versitygw, built from its Go module or found in the cache. */
export function buildStorage(say: (line: string) => Promise<void>): Promise<string> {
  return buildModule(versitygw, io, say);
}

/** Starts versitygw, built once from its Go module, with one empty bucket `cases`. */
export async function startStorage(dir: string): Promise<RealStorage> {
  const programs = await buildStorage((line) => writeLine(io.stderr, line));
  const port = await freePort();
  const buckets = join(dir, 'buckets');
  await mkdir(join(buckets, 'cases'), { recursive: true });
  const child = spawn(
    join(programs, 'versitygw'),
    ['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', 'posix', buckets],
    { env: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (tries > 300 || child.exitCode !== null) {
      child.kill('SIGKILL');
      throw new Error(`versitygw does not answer: ${said}`);
    }
    await io.sleep(100);
  }
  return {
    port,
    dir: buckets,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The environment of a program that uses it, through another port when a proxy stands before it; nothing of the user's own. */
export function storageEnvironment(port: number, home: string): Record<string, string> {
  return {
    PATH: io.env['PATH'] ?? '',
    HOME: home,
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: secretKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
}

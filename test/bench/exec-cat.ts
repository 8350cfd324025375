import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from '../../src/cluster/connect.ts';
import { execStream } from '../../src/cluster/exec.ts';
import { processIo, writeLine } from '../../src/output/io.ts';

/**
 * `node exec-cat.ts NAMESPACE POD CONTAINER BYTES FILE...`: reads files of a container through one exec stream of ours, throws
 * the bytes away, and prints `{bytes, sha256, seconds, rss}` as JSON; `rss` is the peak of this process in bytes.
 */
const io = processIo();
const [namespace = '', pod = '', container = '', size = '', ...files] = process.argv.slice(2);
const api = await connect(io, {});
const started = io.monotonic();
let send: ((data: Uint8Array) => Promise<void>) | undefined;
const hash = createHash('sha256');
let received = 0;
const result = await execStream(api, io, {
  ...{ namespace, pod, container },
  command: ['sh', '-c', 'cat "$@"; read -r _', 'sh', ...files],
  onStart: (control) => (send = control.send.bind(control)),
  stdout: (chunk) => {
    hash.update(chunk);
    received += chunk.length;
    return received >= Number(size) ? send?.(Buffer.from('\n')) : undefined;
  },
  signal: AbortSignal.timeout(120_000 * Math.ceil(Number(size) / 2 ** 30)),
});
const seconds = (io.monotonic() - started) / 1000;
// Not ru_maxrss of getrusage(2), in which the memory of whoever started this process counts too (Linux, fs/exec.c).
const [, peakKiB] = /^VmHWM:\s+(\d+)/m.exec(await readFile('/proc/self/status', 'utf8')) ?? [];
const rss = Number(peakKiB) * 1024;
await writeLine(io.stdout, JSON.stringify({ bytes: result.bytes, sha256: hash.digest('hex'), seconds, rss }));
await api.close();

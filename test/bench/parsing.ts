import { open, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { lineBlocks } from '../../src/artifacts/blocks.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { parsers } from '../../src/artifacts/parsers.ts';
import { formatSize } from '../../src/output/size.ts';
import { type Figure, median, secondsOf } from './figure.ts';

const gibibyte = 1024 * 1024 * 1024;
const runs = 3;
const bodyfileLines = 500_000;

/** Lines as a node's logs have them: most of them of containers. */
function logLine(index: number): string {
  const time = new Date(1_763_000_000_000 + index).toISOString();
  return `${time.slice(0, -1)}${String(index % 1_000_000).padStart(6, '0')}Z stdout F ${index} GET /shop/cart/${index % 997} 200 from 198.51.100.${index % 250} in ${index % 83} ms\n`;
}

function bodyfileLine(index: number): string {
  const time = 1_763_000_000 + (index % 86_400);
  return `0|/usr/share/doc/package-${index % 3000}/file-${index}|${index}|-rw-r--r--|0|0|${index % 100_000}|${time}|${time}|${time}|0\n`;
}

/** Records as an audit rule for programs that are run makes them, and a login. */
function auditLines(index: number): string {
  const stamp = `msg=audit(${1_763_000_000 + (index >> 5)}.${String(index % 1000).padStart(3, '0')}:${index})`;
  return `type=SYSCALL ${stamp}: arch=c000003e syscall=59 success=yes exit=0 a0=5581e3d0a2c0 a1=5581e3d0a3b0 a2=5581e3d0a4e0 a3=8 items=2 ppid=${index % 997} pid=${index % 32_768} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=${index % 89} comm="kubelet" exe="/usr/bin/kubelet" subj=unconfined key="exec"
type=EXECVE ${stamp}: argc=3 a0="kubelet" a1="--config=/var/lib/kubelet/config.yaml" a2="--v=2"
type=CWD ${stamp}: cwd="/var/lib/kubelet"
type=PATH ${stamp}: item=0 name="/usr/bin/kubelet" inode=${index} dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0
type=PROCTITLE ${stamp}: proctitle=6B7562656C6574002D2D636F6E6669673D2F7661722F6C69622F6B7562656C6574
type=USER_LOGIN ${stamp}: pid=${index % 997} uid=0 auid=1000 ses=4 msg='op=login id=1000 exe="/usr/sbin/sshd" hostname=198.51.100.7 addr=198.51.100.7 terminal=ssh res=success'
`;
}

/** Text logs and a body file, from disk to records in one thread. */
export async function benchParsing(dir: string): Promise<Figure[]> {
  const logs = join(dir, 'logs');
  const bodyfile = join(dir, 'bodyfile');
  const audit = join(dir, 'audit');
  const pieces = 64;
  await writeLines(logs, logLine, { bytes: gibibyte, pieces });
  await writeLines(audit, auditLines, { bytes: gibibyte / 4, pieces: 16 });
  await writeLines(bodyfile, bodyfileLine, { lines: bodyfileLines, pieces: 1 });
  try {
    const logSeconds = await time(() => parse(logs, 'container log'));
    const auditSeconds = await time(() => parse(audit, 'audit'));
    const bodySeconds = await time(async () => {
      const count = await parse(bodyfile, 'bodyfile');
      if (count !== bodyfileLines) throw new Error(`${count} of ${bodyfileLines} lines are records`);
    });
    return [
      { what: '1 GiB of container logs parsed', ours: `${formatSize(gibibyte / logSeconds)}/s` },
      { what: '256 MiB of audit records parsed', ours: `${formatSize(gibibyte / 4 / auditSeconds)}/s` },
      { what: `body file of ${bodyfileLines} lines parsed`, ours: `${bodySeconds.toFixed(2)}s` },
    ];
  } finally {
    await rm(logs);
    await rm(audit);
    await rm(bodyfile);
  }
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < runs; i += 1) seconds.push(await secondsOf(work));
  return median(seconds);
}

/** How many records a file has. */
async function parse(path: string, name: 'container log' | 'audit' | 'bodyfile'): Promise<number> {
  const parser = parsers[name];
  if (parser.feed !== 'lines') throw new Error(`${name} is no format of lines`);
  let count = 0;
  const place = { path: Buffer.from(path), size: 0, first: Buffer.alloc(0) };
  for await (const block of lineBlocks(
    createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>,
  )) {
    if (isMalformed(block)) continue;
    for (const record of parser.parse(block.bytes, { ...place, offset: block.offset }))
      if (!isMalformed(record)) count += 1;
  }
  return count;
}

/** Writes one piece of lines again and again, up to a size or a number of lines. */
async function writeLines(
  path: string,
  line: (index: number) => string,
  { bytes = 0, lines = 0, pieces }: { bytes?: number; lines?: number; pieces: number },
): Promise<void> {
  const texts: string[] = [];
  for (let size = 0, index = 0; lines > 0 ? index < lines : size < bytes / pieces; index += 1) {
    const text = line(index);
    texts.push(text);
    size += text.length;
  }
  const piece = Buffer.from(texts.join(''));
  const file = await open(path, 'w');
  try {
    for (let i = 0; i < pieces; i += 1) await file.write(piece);
  } finally {
    await file.close();
  }
}

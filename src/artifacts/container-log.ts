import { utcText } from './instant.ts';
import type { Malformed } from './lines.ts';

/** One line of a container's log as the CRI has it: k8s.io/cri-client pkg/logs `parseCRILog`, containerd internal/cri/io/logger.go. */
export interface ContainerLogLine {
  /** RFC 3339 in UTC, nanoseconds as written. */
  readonly time: string;
  readonly stream: string;
  /** True for a piece of a line that the runtime cut; the next piece goes on. */
  readonly partial: boolean;
  readonly message: Buffer;
}

const stdout = Buffer.from(' stdout ');
const stderr = Buffer.from(' stderr ');
const longestTime = 40;

/** The lines of a file: `TIME stdout|stderr P|F MESSAGE`. Written to be fast: of all logs of a node these are the most. */
export function* parseContainerLog(bytes: Buffer): Generator<ContainerLogLine | Malformed> {
  for (let offset = 0; offset < bytes.length;) {
    const newline = bytes.indexOf(0x0a, offset);
    const end = newline < 0 ? bytes.length : newline;
    yield readLine(bytes, offset, end) ?? { malformed: 'no line of a container log', offset };
    offset = end + 1;
  }
}

function readLine(bytes: Buffer, start: number, end: number): ContainerLogLine | undefined {
  const blank = blankOf(bytes, start, Math.min(end, start + longestTime + 1));
  if (blank + stdout.length >= end) return undefined;
  const stream = isAt(bytes, blank, stdout) ? 'stdout' : isAt(bytes, blank, stderr) ? 'stderr' : undefined;
  const tag = bytes[blank + stdout.length];
  if (stream === undefined || (tag !== 0x46 && tag !== 0x50)) return undefined;
  let message = blank + stdout.length + 1;
  // Further tags stand behind colons.
  if (message < end && bytes[message] === 0x3a) message = blankOf(bytes, message, end);
  if (message < end && bytes[message] !== 0x20) return undefined;
  const time = utcText(bytes.toString('latin1', start, blank));
  if (time === undefined) return undefined;
  return { time, stream, partial: tag === 0x50, message: bytes.subarray(Math.min(message + 1, end), end) };
}

/** Where the first blank is between two places, else the second one: what lies behind is of other lines. */
function blankOf(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== 0x20) at += 1;
  return at;
}

function isAt(bytes: Buffer, at: number, word: Buffer): boolean {
  for (let index = 0; index < word.length; index += 1) if (bytes[at + index] !== word[index]) return false;
  return true;
}

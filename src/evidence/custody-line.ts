import { createHash } from 'node:crypto';
import { jsonObject, objectOf } from '../artifacts/json.ts';
import type { Actor } from './actor.ts';

/** What a responder or this program did to the case or the cluster. */
export interface Act {
  /** A verb: `open acquire isolate seal archive …`. */
  readonly action: string;
  /** What it was done to: a path in the case, an API object. */
  readonly object: string;
  /** `started`, `done`, `partial`, `failed` and the like. */
  readonly result: string;
  /** More facts, such as the exact request; plain JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One line of custody.jsonl. */
export interface CustodyLine extends Act {
  /** Counts from 1. */
  readonly seq: number;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** sha256 in hex of the line before without its newline; zeros for the first. */
  readonly prev: string;
  readonly actor: Actor;
}

/** End of a chain: its last line's number, time, digest and action. */
export interface ChainHead {
  readonly seq: number;
  readonly time: string;
  readonly digest: string;
  readonly action: string;
}

/** The head before the first line. */
export const chainStart: ChainHead = { seq: 0, time: '', digest: '0'.repeat(64), action: '' };

/** `,"sum":"` and 64 hex digits and `"}`. */
const sumLength = 74;

/**
 * Text of one line without newline. Its last member `sum` is the sha256 of the line without that member, so that
 * damage to the last line shows too, which no later `prev` covers.
 */
export function encodeCustodyLine(line: CustodyLine): string {
  const { seq, time, prev, actor, action, object, result, details } = line;
  const ordered = { seq, time, prev, actor, action, object, result };
  const text = JSON.stringify(details === undefined ? ordered : { ...ordered, details });
  return `${text.slice(0, -1)}${sumMember(text)}`;
}

/** Checks one line (bytes without newline) against the head before it. Returns the line and the new head, or what is wrong. */
export function checkLine(
  head: ChainHead,
  bytes: Buffer,
): { readonly line: CustodyLine; readonly head: ChainHead } | string {
  const body = Buffer.concat([bytes.subarray(0, -sumLength), Buffer.from('}')]);
  if (bytes.subarray(-sumLength).toString('latin1') !== sumMember(body)) return 'does not match its own sum';
  const line = parseLine(bytes.toString('utf8'));
  if (line === undefined) return 'is no custody line';
  if (line.seq !== head.seq + 1) return `has number ${line.seq}, not ${head.seq + 1}`;
  if (line.prev !== head.digest) return 'does not follow the line before it';
  return { line, head: { seq: line.seq, time: line.time, digest: sha256(bytes), action: line.action } };
}

/** The line as a value; undefined when members are missing or of a wrong type. */
function parseLine(text: string): CustodyLine | undefined {
  const line = jsonObject(text);
  const texts = ['time', 'prev', 'action', 'object', 'result'] as const;
  if (line === undefined || !texts.every((member) => typeof line[member] === 'string')) return undefined;
  if (typeof line['seq'] !== 'number' || objectOf(line['actor']) === undefined) return undefined;
  return line as unknown as CustodyLine;
}

function sumMember(body: string | Buffer): string {
  return `,"sum":"${sha256(body)}"}`;
}

function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

import type { Outcome } from '../artifacts/item.ts';
import { jsonObject, objectOf } from '../artifacts/json.ts';
import type { CollectorIdentity } from '../collector/collector.ts';
import type { BuildInfo } from '../output/build.ts';
import type { Actor } from './actor.ts';

/** How far the node's clock was from the responder's, measured over one round trip. */
export interface ClockSkew {
  /** RFC 3339 with nanoseconds where the node gives them. */
  readonly node: string;
  /** The responder's time in the middle of the round trip. */
  readonly responder: string;
  /** Node minus responder. */
  readonly skewMs: number;
  /** Length of the round trip; the skew is known to half of it. */
  readonly roundTripMs: number;
}

/** An item that is not there, or not whole. */
export interface Gap {
  readonly item: number;
  readonly artifact: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly detail?: string;
}

/** How an acquisition ended; `running` is what a killed process leaves. */
export type AcquisitionOutcome = 'running' | 'complete' | 'partial' | 'failed';

/** acquisition.json */
export interface AcquisitionRecord {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Acquisition';
  /** What was run, such as `node`, `pod`, `diff`. */
  readonly collection: string;
  readonly target: string;
  /** The API server's name of the node, never what the node says of itself. */
  readonly node?: string;
  readonly tool: BuildInfo;
  readonly actor: Actor;
  readonly options: Readonly<Record<string, unknown>>;
  /** RFC 3339, the responder's clock. */
  readonly started: string;
  readonly finished?: string;
  readonly outcome: AcquisitionOutcome;
  /** Why it is not complete, in one sentence. */
  readonly reason?: string;
  readonly clock?: ClockSkew;
  /** The same after everything was collected. */
  readonly clockAfter?: ClockSkew;
  /** Our pod: what the node saw of us. */
  readonly collector?: CollectorIdentity;
  /** More of what our being there left or used, such as image pull and log files. */
  readonly footprint?: Readonly<Record<string, unknown>>;
  readonly tar: { readonly name: string; readonly size?: number };
  readonly items: {
    readonly count: number;
    /** Bytes of content that came. */
    readonly bytes: number;
    /** Items that may hold credentials. */
    readonly sensitive: number;
    /** Files left out because they are secrets as a whole; an HMAC stands for each. */
    readonly secrets?: number;
    /** sha256 of items.jsonl, which has the digests of everything in the tar. */
    readonly sha256?: string;
    readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  };
  /** The first thousand items that are not `ok`; `gapCount` counts all. */
  readonly gaps: readonly Gap[];
  readonly gapCount: number;
}

/** Text of acquisition.json. */
export function encodeAcquisitionRecord(record: AcquisitionRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** Reads acquisition.json; undefined when the text is none. */
export function parseAcquisitionRecord(text: string): AcquisitionRecord | undefined {
  const record = jsonObject(text) as Partial<Record<keyof AcquisitionRecord, unknown>> | undefined;
  const { apiVersion, kind, tar, items, outcome, gaps } = record ?? {};
  if (apiVersion !== 'kubectl-ir/v1' || kind !== 'Acquisition' || typeof outcome !== 'string')
    return undefined;
  if (objectOf(items) === undefined || !Array.isArray(gaps)) return undefined;
  return isTarName(objectOf(tar)?.['name']) ? (record as AcquisitionRecord) : undefined;
}

/** The version of the form of a record that may be newer than this program; undefined when it has none of ours. */
export function versionOf(text: string): string | undefined {
  return /"apiVersion":\s*"(kubectl-ir\/v[0-9]{1,4}[a-z0-9]{0,20})"/.exec(text.slice(0, 64 * 1024))?.[1];
}

/** The tar lies beside its record: a plain name, nothing that leads elsewhere. */
function isTarName(name: unknown): boolean {
  return typeof name === 'string' && /^[A-Za-z0-9_][A-Za-z0-9._-]*\.tar$/.test(name);
}

import type { ItemSink } from '../artifacts/item.ts';
import type { ImageSpace } from './image-space.ts';
import type { Script } from './script.ts';

/** A script of `src/collector/scripts`, without its ending. */
export type ScriptName = string;

/** What our pod is and how it got there; goes into acquisition.json as the footprint. */
export interface CollectorIdentity {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly image: string;
  /** imageID as the node reports it. */
  readonly imageID: string;
  readonly containerID: string;
  /** RFC 3339, from the API server. */
  readonly created: string;
  /** True when the runtime made all of /host read-only; else the collector's main process remounted every mount below. */
  readonly recursiveReadOnly: boolean;
  /** Mounts below /host that could not be made read-only; 0 is the rule. */
  readonly writableMounts: number;
  /** Fields where the pod that the server returned differs from the one sent, such as `spec.containers[0].image`. */
  readonly changedByServer: readonly string[];
  /** The node's free space for images, before ours was pulled. */
  readonly imageSpace?: ImageSpace;
}

/** Totals of one framed stream. */
export interface StreamSummary {
  readonly items: number;
  readonly bytes: number;
}

/** Result of a plain call, as opposed to a framed stream: bounded output, for small questions and for acts. */
export interface CallResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface CallOptions {
  /** Stdin of the script. With a promise, the exec is opened at once and the script starts when the input arrives. */
  readonly input?: Uint8Array | Promise<Uint8Array>;
  readonly limit?: number;
  readonly signal: AbortSignal;
}

/** The running privileged pod on one node. */
export interface Collector {
  /** As known when the collector is lent: it may answer before its node has reported image and container. */
  readonly identity: CollectorIdentity;
  /** The complete identity; waits a while for the node to report it. */
  readonly identified?: () => Promise<CollectorIdentity>;
  /** Which of the optional programs `nft conntrack getfattr setfattr` the image has. */
  readonly tools: ReadonlySet<string>;
  /**
   * Runs a framing script and delivers its items to `sink` in order. `input`, for what is too long for arguments (4 KiB), is
   * the file `$IR_RUN/input` to the script. Throws PartialError when the stream ended before its last record; an item that was
   * cut off is ended as `truncated` first.
   */
  collect(
    script: ScriptName | Script,
    args: readonly string[],
    sink: ItemSink,
    signal: AbortSignal,
    input?: Uint8Array,
  ): Promise<StreamSummary>;
  /**
   * Runs a script with arguments and optional input on its stdin. Output above `limit` bytes (default 1 MiB) is an error; a
   * non-zero exit code is returned, not thrown.
   */
  call(script: ScriptName | Script, args: readonly string[], options: CallOptions): Promise<CallResult>;
  /** Deletes the pod with a grace period of 1 s and verifies that it is gone. Safe to call twice. */
  stop(): Promise<void>;
}

/** How the collection of one item ended; every item has exactly one. */
export type Outcome = 'ok' | 'truncated' | 'vanished' | 'denied' | 'timeout' | 'skipped';

/** What lstat said of a file on the node just before it was read; times are whole nanoseconds since the epoch. */
export interface FileStat {
  /** st_mode with the type bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly links: number;
  readonly inode: bigint;
  readonly device: bigint;
  readonly accessed: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
}

/** Start of one collected file, link or output. */
export interface ItemHeader {
  /** Counts from 1 without gaps within one stream. */
  readonly sequence: number;
  /** Kind of trace, a name of the artifact catalogue such as `process` or `sockets`. */
  readonly artifact: string;
  /**
   * Name in the acquisition tar, raw bytes: `[root]/etc/passwd` for a file of the node,
   * `live_response/…` for what has no path. Never absolute, never with a `..` segment.
   */
  readonly name: Buffer;
  readonly type: 'file' | 'symlink' | 'directory';
  /** Target of a symlink, raw bytes. */
  readonly target?: Buffer;
  readonly stat?: FileStat;
}

/** End of one item. `length` counts the bytes delivered. */
export interface ItemEnd {
  readonly outcome: Outcome;
  readonly length: number;
  /** Short reason in plain ASCII when the outcome is not `ok`. */
  readonly detail?: string;
}

/**
 * Takes items as they arrive, one at a time: begin, any number of writes, end. Each call is awaited: backpressure. The bytes of a chunk
 * are overwritten afterwards; what is to be kept of them is copied.
 */
export interface ItemSink {
  begin(header: ItemHeader): Promise<void>;
  write(chunk: Buffer): Promise<void>;
  end(end: ItemEnd): Promise<void>;
}

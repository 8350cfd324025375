/** Talks to the running command. Both reject with StreamError when the stream is over. */
export interface ExecControl {
  /** Resolves when the data has been handed to the network; wait for it before sending more (backpressure). */
  send(data: Uint8Array): Promise<void>;
  /** End of file on the command's stdin; needs a server with v5 (Kubernetes 1.30), else rejects with OperationError. */
  closeInput(): Promise<void>;
}

export interface ExecOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Run as it is, without a shell. It is part of the URL, hence of audit logs: no secrets, nothing long. */
  readonly command: readonly string[];
  /** Sent at once; stdin stays open afterwards. */
  readonly input?: Uint8Array | undefined;
  /**
   * Gets standard output in pieces, which it may keep. While a promise that it returned is pending, it is not called again and
   * nothing more is read from the network. When it throws or rejects, so does `execStream`.
   */
  readonly stdout: (chunk: Buffer) => Promise<void> | void;
  readonly onStart?: ((control: ExecControl) => void) | undefined;
  /** How many bytes of stderr are kept, from its beginning; default 64 KiB. */
  readonly stderrLimit?: number | undefined;
  /** After this much silence of the server the stream counts as broken; default 90 s. */
  readonly idleMs?: number | undefined;
  readonly signal: AbortSignal;
}

export interface ExecResult {
  readonly exitCode: number;
  /** Bytes of standard output. */
  readonly bytes: number;
  /** The beginning of stderr (`stderrLimit`). Hostile, and not escaped. */
  readonly stderr: string;
}

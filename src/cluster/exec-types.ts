/** Talks to the running command. Both reject with StreamError when the stream is over. */
export interface ExecControl {
  /** Resolves when the data has left for the server: backpressure. */
  send(data: Uint8Array): Promise<void>;
  /** End of file on the command's stdin; needs a server with v5 (Kubernetes 1.30), else rejects with OperationError. */
  closeInput(): Promise<void>;
}

export interface ExecOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Run as it is, without a shell. It goes into the URL, hence into audit logs: no secrets, nothing long. */
  readonly command: readonly string[];
  /** Sent at once; stdin stays open afterwards. */
  readonly input?: Uint8Array | undefined;
  /**
   * Takes standard output in pieces, which it may keep. While a promise it returned is pending nothing more is read
   * from the network and it is not called again; when it throws or rejects, so does `execStream`.
   */
  readonly stdout: (chunk: Buffer) => Promise<void> | void;
  readonly onStart?: ((control: ExecControl) => void) | undefined;
  /** Bytes of stderr that are kept, the first ones; default 64 KiB. */
  readonly stderrLimit?: number | undefined;
  /** Silence of the server that ends the stream; default 90 s. */
  readonly idleMs?: number | undefined;
  readonly signal: AbortSignal;
}

export interface ExecResult {
  readonly exitCode: number;
  /** Bytes of standard output. */
  readonly bytes: number;
  /** The kept beginning of stderr; hostile, not escaped. */
  readonly stderr: string;
}

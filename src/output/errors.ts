/** Exit codes of every command but `diff`, which follows `kubectl diff` (0 same, 1 changes, 3 blind or cut, >1 error). */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  verification: 4,
  interrupted: 130,
} as const;

/** The command line is wrong or refused; exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An expected failure. The message names the step and the object; `advice` says what to do next; exit 1. */
export class OperationError extends Error {
  override readonly name: string = 'OperationError';
  readonly advice: string | undefined;

  constructor(message: string, options: { advice?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.advice = options.advice;
  }
}

/** What the API server (or the way to it) answered; `status` is 0 when no HTTP answer came; exit 1. */
export class ApiError extends OperationError {
  override readonly name = 'ApiError';
  readonly status: number;
  /** `reason` of the Status object, such as `NotFound` or `Forbidden`; empty when there was none. */
  readonly reason: string;
  /** With which a list that took too long goes on (`metadata.continue` of a Status with code 410). */
  readonly continueToken: string | undefined;

  constructor(
    message: string,
    options: { status: number; reason?: string; continueToken?: string; advice?: string; cause?: unknown },
  ) {
    super(message, options);
    this.status = options.status;
    this.reason = options.reason ?? '';
    this.continueToken = options.continueToken;
  }
}

/** A newer program wrote what was to be read: it may be whole, and is not known here; exit 1. */
export class NewerError extends OperationError {
  override readonly name = 'NewerError';
}

/** Only part of the work could be done, and its results are kept; exit 3. */
export class PartialError extends OperationError {
  override readonly name = 'PartialError';
}

/** A verification failed: isolation leaks, bag or signature invalid; exit 4. */
export class VerificationError extends OperationError {
  override readonly name = 'VerificationError';
}

/** The user interrupted; the message says what still stands in the cluster; exit 130. */
export class InterruptedError extends OperationError {
  override readonly name = 'InterruptedError';
}

/** The exit code that an error means. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCode.usage;
  if (error instanceof PartialError) return exitCode.partial;
  if (error instanceof VerificationError) return exitCode.verification;
  if (error instanceof InterruptedError) return exitCode.interrupted;
  return exitCode.failed;
}

import { parseStatus } from './api-error.ts';
import { ApiError } from '../output/errors.ts';
import { escapeForTerminal } from '../output/escape.ts';

/** How a remote command ended: its exit code, or the error that kept it from running to its end. */
export type ExecEnd = { readonly exitCode: number } | { readonly error: ApiError };

/**
 * Reads the Status object of the status channel (remotecommand v4 and later): Success is exit code 0; a Failure has the code in
 * the cause with reason `ExitCode`, or no such cause when the command could not be run. Undefined for an incomplete Status.
 */
export function parseExecStatus(bytes: Buffer): ExecEnd | undefined {
  const text = bytes.toString('utf8');
  const status = parseStatus(text);
  if (status === undefined) return undefined;
  if (status.status === 'Success') return { exitCode: 0 };
  if (status.status !== 'Failure') return undefined;
  const code = status.details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message ?? '';
  if (/^[1-9]\d{0,8}$/.test(code)) return { exitCode: Number(code) };
  const said = escapeForTerminal((status.message ?? '').slice(0, 4096));
  return {
    error: new ApiError(said === '' ? 'the command could not be run' : said, {
      status: status.code ?? 500,
      reason: escapeForTerminal(status.reason ?? 'InternalError').slice(0, 64),
    }),
  };
}

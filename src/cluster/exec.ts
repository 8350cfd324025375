import type { Io } from '../output/io.ts';
import type { Api } from './api.ts';
import { execProtocols } from './exec-channel.ts';
import { ExecSession } from './exec-session.ts';
import type { ExecOptions, ExecResult } from './exec-types.ts';
import { resourcePath } from './path.ts';

/**
 * Runs a command in a container and streams its output. Resolves, whatever the exit code, once the server has sent its Status
 * and `stdout` has taken everything. Rejects with ApiError when the server refuses or cannot run the command, with StreamError
 * when the connection ends without a Status, and with the signal's reason when aborted.
 *
 * Servers up to at least 1.34 may lose the last megabytes of a command that exits while data is in flight
 * (kubernetes/kubernetes#60140). So let the command wait for a line on stdin before it exits, and send that line once
 * everything expected has arrived.
 */
export async function execStream(api: Api, io: Io, options: ExecOptions): Promise<ExecResult> {
  const { namespace, pod, container, command, signal } = options;
  const socket = await api.dial(
    resourcePath({ version: 'v1', namespace, resource: 'pods', name: pod, subresource: 'exec' }),
    {
      container,
      command,
      stdin: options.input !== undefined || options.onStart !== undefined,
      stdout: true,
      stderr: true,
    },
    [execProtocols.v5, execProtocols.v4],
    signal,
  );
  return new ExecSession(socket, io, options).run();
}

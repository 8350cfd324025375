import { randomBytes } from 'node:crypto';
import type { ItemEnd, ItemHeader, ItemSink } from '../artifacts/item.ts';
import { formatCount } from '../output/count.ts';
import { OperationError, PartialError } from '../output/errors.ts';
import { escapeForTerminal } from '../output/escape.ts';
import type { CallResult, ScriptName, StreamSummary } from './collector.ts';
import { Delivery } from './delivery.ts';
import { invocation, lateInput } from './invocation.ts';
import type { InvocationOptions } from './invocation.ts';
import type { Script } from './script.ts';
import { namedScript } from './scripts.ts';

/** Runs one exec in the collector's container: the part of cluster/exec.ts that is needed here. */
export type Exec = (options: {
  readonly command: readonly string[];
  readonly input: Uint8Array;
  readonly stdout: (chunk: Buffer) => Promise<void> | void;
  readonly onStart: (control: { send(data: Uint8Array): Promise<void> }) => void;
  readonly signal: AbortSignal;
}) => Promise<{ readonly exitCode: number; readonly stderr: string }>;

export interface ScriptOptions {
  readonly args: readonly string[];
  /** With a promise everything else is sent at once, and the script waits for it on the node. */
  readonly input?: Uint8Array | Promise<Uint8Array>;
  readonly signal: AbortSignal;
}

/**
 * Runs a framing script and delivers its items. Throws PartialError when the stream ended early or was damaged (the open
 * item is ended as `truncated`) and when the script failed. An error of the sink is thrown as it is.
 */
export async function collectFrames(
  exec: Exec,
  script: ScriptName | Script,
  sink: ItemSink,
  options: ScriptOptions,
): Promise<StreamSummary> {
  const stream = await run(
    exec,
    { ...options, script: typeof script === 'string' ? namedScript(script) : script, mode: 'collect' },
    sink,
    options.signal,
  );
  if (stream.exitCode !== 0) {
    throw new PartialError(
      `script ${nameOf(script)} failed on the node after ${formatCount(stream.items, 'item')} (exit code ${stream.exitCode})${said(stream.stderr)}`,
    );
  }
  return { items: stream.items, bytes: stream.bytes };
}

/** Runs a script and returns what it printed, up to `limit` bytes; more is an OperationError. */
export async function callScript(
  exec: Exec,
  script: ScriptName | Script,
  options: ScriptOptions & { readonly limit: number },
): Promise<CallResult> {
  const { limit } = options;
  const outputs = new CallOutputs();
  const stream = await run(
    exec,
    { ...options, script: typeof script === 'string' ? namedScript(script) : script, mode: limit },
    outputs,
    options.signal,
  );
  const { output, said: errors } = outputs;
  if (output.outcome === 'truncated' && output.bytes.length >= limit) {
    throw new OperationError(`script ${nameOf(script)} printed more than ${limit} bytes on the node`);
  }
  if (output.outcome === 'timeout' || output.detail === noRoom) {
    throw new OperationError(`the output of script ${nameOf(script)} is lost: ${output.detail}`);
  }
  return { exitCode: stream.exitCode, stdout: output.bytes, stderr: errors.bytes.toString('utf8') };
}

function nameOf(script: ScriptName | Script): string {
  return typeof script === 'string' ? script : script.name;
}

interface Stream extends StreamSummary {
  readonly exitCode: number;
  readonly stderr: string;
}

async function run(
  exec: Exec,
  { input, ...options }: Omit<InvocationOptions, 'token' | 'input'> & Pick<ScriptOptions, 'input'>,
  sink: ItemSink,
  signal: AbortSignal,
): Promise<Stream> {
  const token = randomBytes(16).toString('hex');
  const late = input instanceof Promise ? input : undefined;
  const now = input instanceof Promise ? 'later' : input;
  const { command, head } = invocation({ ...options, token, ...(now === undefined ? {} : { input: now }) });
  const delivery = new Delivery(token, sink);
  let acknowledge: () => Promise<void> = () => Promise.resolve();
  let stderr = '';
  try {
    const result = await exec({
      command,
      input: head,
      signal,
      onStart: (control) => {
        acknowledge = () => control.send(Buffer.from('\n'));
        // A failure of this shows as a broken stream.
        late?.then((bytes) => control.send(lateInput(bytes))).catch(() => undefined);
      },
      stdout: (chunk) =>
        delivery.write(chunk)?.then(() => (delivery.exitCode === undefined ? undefined : acknowledge())),
    });
    stderr = result.stderr;
  } catch (error) {
    await delivery.cut('the stream broke');
    if (delivery.exitCode === undefined || signal.aborted) throw broken(error, delivery, signal);
  }
  if (delivery.exitCode === undefined) {
    await delivery.cut('the stream ended early');
    throw broken(new OperationError(`the script ended without saying so${said(stderr)}`), delivery, signal);
  }
  const { items, bytes, exitCode } = delivery;
  return { items, bytes, exitCode, stderr };
}

/** What arrived is kept, so an expected failure becomes a PartialError; an abort and a bug stay what they are. */
function broken(error: unknown, delivery: Delivery, signal: AbortSignal): unknown {
  if (signal.aborted || !(error instanceof OperationError) || delivery.sinkFailed) return error;
  return new PartialError(
    `the stream from the node broke after ${formatCount(delivery.items, 'item')}: ${error.message}`,
    error.advice === undefined ? { cause: error } : { cause: error, advice: error.advice },
  );
}

function said(stderr: string): string {
  const text = stderr.trim().slice(-500);
  return text === '' ? '' : `: ${escapeForTerminal(text)}`;
}

interface CallOutput {
  bytes: Buffer;
  outcome: string;
  detail: string;
}

/** What common.sh says when a block could not be written. */
const noRoom = 'no room in the spool';

/** Keeps the two bounded items that a call consists of: its output and its stderr. */
class CallOutputs implements ItemSink {
  readonly output: CallOutput = { bytes: Buffer.alloc(0), outcome: '', detail: '' };
  readonly said: CallOutput = { bytes: Buffer.alloc(0), outcome: '', detail: '' };
  #current = this.output;

  begin(header: ItemHeader): Promise<void> {
    this.#current = header.name.toString('latin1') === 'output' ? this.output : this.said;
    return Promise.resolve();
  }

  write(chunk: Buffer): Promise<void> {
    this.#current.bytes = Buffer.concat([this.#current.bytes, chunk]);
    return Promise.resolve();
  }

  end(end: ItemEnd): Promise<void> {
    this.#current.outcome = end.outcome;
    this.#current.detail = end.detail ?? '';
    return Promise.resolve();
  }
}

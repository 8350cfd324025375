import type { Script } from './script.ts';
import { commonText, scriptText } from './scripts.ts';

/** What an exec needs to run one script: the command for the URL and the bytes for stdin, which stays open. */
export interface Invocation {
  readonly command: readonly string[];
  /** What stdin begins with: everything, except an input that comes later. */
  readonly head: Buffer;
}

export interface InvocationOptions {
  readonly script: Script;
  readonly args: readonly string[];
  /** `later` when it is not known yet: `lateInput` is then sent after the head. */
  readonly input?: Uint8Array | 'later';
  /** 32 hex digits that begin every block of this run. */
  readonly token: string;
  /** `collect` for a script that frames its items, else the most bytes that it may print. */
  readonly mode: 'collect' | number;
}

/** A server may refuse longer URLs; what is larger goes through `input`. */
const mostArgumentBytes = 4096;

/** Reads as many bytes of stdin as `$0` says and runs them: the loader, boot.sh. */
const loader = 'eval "$(dd bs=65536 iflag=count_bytes count="$0" 2>/dev/null)"';

/**
 * Command and stdin that run a script on the node (boot.sh has the order of the parts). Arguments travel in the
 * request's URL and reach the script as words, never as shell text. Throws Error when they are too long or hold NUL.
 */
export function invocation(options: InvocationOptions): Invocation {
  const { args, token, mode } = options;
  if (args.some((arg) => arg.includes('\0'))) throw new Error('an argument of a script holds NUL');
  if (Buffer.byteLength(args.join(' ')) > mostArgumentBytes) {
    throw new Error(`the arguments of ${options.script.name} are longer than ${mostArgumentBytes} bytes`);
  }
  const boot = Buffer.from(scriptText('boot'));
  const parts = [Buffer.from(commonText()), Buffer.from(options.script.text)];
  const { input = Buffer.alloc(0) } = options;
  const sizes = [...parts.map(({ length }) => length), input === 'later' ? '-' : input.length].map(String);
  return {
    command: ['sh', '-c', loader, String(boot.length), String(mode), ...sizes, ...args],
    head: Buffer.concat([
      ...[boot, Buffer.from(`${token}\n`), ...parts],
      ...(input === 'later' ? [] : [input]),
    ]),
  };
}

/** An input that is sent after the head: its size in a line, then the bytes. */
export function lateInput(input: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${input.length}\n`), input]);
}

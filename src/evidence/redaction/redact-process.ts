import type { Placeholders } from './placeholder.ts';
import { redactLine } from './redact-line.ts';
import { isSecretName } from './secret-name.ts';

/** An environment as in /proc/PID/environ (proc(5)): NAME=VALUE between NULs. Every value is replaced, names stay. */
export function redactEnvironment(bytes: Buffer, placeholders: Placeholders): Buffer {
  return eachOf(bytes, (text) => {
    const at = text.indexOf('=');
    if (at === -1) return text === '' ? '' : replaced(text, placeholders);
    const value = text.slice(at + 1);
    return value === '' ? text : `${text.slice(0, at + 1)}${replaced(value, placeholders)}`;
  });
}

/**
 * A command line as in /proc/PID/cmdline: arguments between NULs. The values of arguments whose names say so are
 * replaced (`--password=x`, `--token x`), and secrets by their form in all others.
 */
export function redactCommandLine(bytes: Buffer, placeholders: Placeholders): Buffer {
  let before = '';
  return eachOf(bytes, (text) => {
    const isValue = /^--?[^=]+$/.test(before) && isSecretName(before) && !text.startsWith('-') && text !== '';
    before = text;
    return isValue ? replaced(text, placeholders) : redactLine(text, placeholders);
  });
}

function eachOf(bytes: Buffer, redact: (text: string) => string): Buffer {
  return Buffer.from(bytes.toString('latin1').split('\0').map(redact).join('\0'), 'latin1');
}

function replaced(text: string, placeholders: Placeholders): string {
  return placeholders.of(Buffer.from(text, 'latin1'));
}

import { escapeForTerminal } from './escape.ts';

/**
 * Text made safe to stand on one line of a terminal: as `escapeForTerminal`, but a backslash stays,
 * so that text which was escaped before is not escaped twice. For what is shown, never for what is compared.
 */
export function terminalLine(text: string): string {
  return text.split('\\').map(escapeForTerminal).join('\\');
}

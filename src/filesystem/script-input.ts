/**
 * Paths (one byte per character) as the input of a script: one a line, every byte that is not plain as `\0ooo`, which `printf %b`
 * of any POSIX shell turns back. Nothing in a path can end its line or mean something to a shell.
 */
export function scriptInput(paths: readonly string[]): Buffer {
  return Buffer.from(
    paths.map((path) => `${path.replace(/[^A-Za-z0-9_./:@=,+-]/gs, octal)}\n`).join(''),
    'ascii',
  );
}

function octal(character: string): string {
  return `\\0${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

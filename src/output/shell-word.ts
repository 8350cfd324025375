const plain = /^[A-Za-z0-9_./~+:@%=,-]+$/;
const printable = /^[ -~]*$/;

/**
 * A text as one word of a POSIX shell (XCU 2.2.2): as it is where nothing in it is special, else in single quotes. Undefined for
 * what no one can paste unchanged from a terminal: control characters, and all that is not ASCII.
 */
export function shellWord(text: string): string | undefined {
  if (!printable.test(text)) return undefined;
  return plain.test(text) && !text.startsWith('-') && !text.startsWith('~')
    ? text
    : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Printable ASCII but the backslash. */
const plainAscii = /^[ -[\]-~]*$/;

/**
 * Bytes or text from a node made safe for a terminal: printable UTF-8 stays, everything else
 * (control characters, C1, bidirectional controls, invalid UTF-8, the backslash itself) becomes `\xNN` per byte.
 */
export function escapeForTerminal(value: string | Uint8Array): string {
  if (typeof value === 'string' && plainAscii.test(value)) return value;
  const bytes =
    typeof value === 'string'
      ? Buffer.from(value, 'utf8')
      : Buffer.from(value.buffer, value.byteOffset, value.length);
  const ascii = bytes.toString('latin1');
  if (plainAscii.test(ascii)) return ascii;
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const length = sequenceLength(bytes, i);
    const piece = bytes.subarray(i, i + Math.max(length, 1));
    const decoded = length === 0 ? undefined : decodePrintable(piece);
    text += decoded ?? escapeBytes(piece);
    i += piece.length;
  }
  return text;
}

/** True when `escapeForTerminal` would give the value back as it is. */
export function isPlain(value: string | Uint8Array): boolean {
  const text = typeof value === 'string' ? value : Buffer.from(value).toString('utf8');
  return escapeForTerminal(value) === text;
}

/** Length of the UTF-8 sequence that starts at `i` (RFC 3629), 0 when the bytes are not valid UTF-8. */
function sequenceLength(bytes: Buffer, i: number): number {
  const first = bytes[i] ?? 0;
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || i + length > bytes.length) return 0;
  const text = bytes.toString('utf8', i, i + length);
  return Buffer.byteLength(text, 'utf8') === length && !text.includes('\ufffd') ? length : 0;
}

/** Letters and marks that no terminal shows: fillers, selectors of variants, the blank of Braille. */
const unseen = /^[\p{Default_Ignorable_Code_Point}\u2800]$/u;

/** Letters, marks, numbers, punctuation, symbols and the space; not separators, controls, formats or private use. */
function decodePrintable(piece: Buffer): string | undefined {
  const text = piece.toString('utf8');
  if (text === '\\') return undefined;
  if (unseen.test(text)) return undefined;
  return text === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(text) ? text : undefined;
}

function escapeBytes(piece: Buffer): string {
  return Array.from(piece, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

import { instantText } from '../artifacts/instant.ts';

/** The lines of a small file, one byte per character, without their ends; empty ones are left out. */
export function linesOfText(bytes: Buffer): string[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '');
}

/** Bytes as text of one byte per character, the other way round: for what is shown. */
export function bytesOfText(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** A time of a journal, microseconds since the epoch, as one that is shown. */
export function journalTime(micros: bigint): string {
  return instantText(Number(micros / 1_000_000n)) ?? 'no time';
}

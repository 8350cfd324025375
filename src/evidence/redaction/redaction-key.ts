import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { OperationError } from '../../output/errors.ts';
import { hasCode, writeDurable } from '../durable-file.ts';

/**
 * The key of the placeholders of a case, made at its first redaction: beside the case, for its owner alone, never in it.
 * With it, equal values have equal placeholders in later redactions too, and who has the case can tell what one stands for.
 */
export async function redactionKey(caseDir: string): Promise<Buffer> {
  const path = `${caseDir}.redaction-key`;
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    const key = randomBytes(32);
    await writeDurable(path, `${key.toString('hex')}\n`);
    return key;
  }
  throw new OperationError(`${path} holds no key of a redaction`, {
    advice: 'remove it; placeholders will then differ from those of earlier redactions',
  });
}

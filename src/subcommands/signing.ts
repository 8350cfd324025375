import { openCase } from '../evidence/case.ts';
import { type MadeSignature, signCase } from '../evidence/signature/sign.ts';
import { openSigner } from '../evidence/signature/signer.ts';
import { createProgress } from '../output/progress.ts';
import type { CommandContext } from './command.ts';
import { askPassphrase } from './passphrase.ts';

/** Signs the seal of a case with the key that a file names, asking for its passphrase where that is needed. */
export async function signWith(
  { io, signal }: CommandContext,
  dir: string,
  key: string,
): Promise<MadeSignature> {
  const progress = createProgress(io);
  const signer = await openSigner(io, key, (path) => askPassphrase(io, path, signal), signal);
  if (signer.publicKey.application !== undefined) await progress.note('Key', 'touch it when it blinks');
  const started = io.monotonic();
  const opened = await openCase(io, { dir, target: '', create: false });
  try {
    const made = await signCase(opened, signer, signal);
    const how = made.before ? 'had signed it before' : `signed, by ${signer.by}`;
    await progress.step('sign', `${made.keyType} ${made.fingerprint} ${how}`, io.monotonic() - started);
    return made;
  } finally {
    await opened.close();
  }
}

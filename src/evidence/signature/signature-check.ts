import { signaturePlace } from '../layout.ts';
import type { Check, CheckedSignature, Problems } from '../verification.ts';
import { type AllowedSigner, type Standing, standingOf } from './allowed-signers.ts';
import { fingerprint, keyWord } from './ssh-public-key.ts';
import { parseSshSig, type SshSig, verifySshSig } from './sshsig.ts';
import { WireError } from './ssh-wire.ts';
import { signatureNamespace, statementFile, statementText, type Sealed } from './statement.ts';

/** Who may have signed, and when they are asked about. */
export interface Judging {
  readonly signers: readonly AllowedSigner[];
  readonly now: Date;
}

/**
 * Checks what lies in `signature/`: that the statement is that of this seal, and every signature one of the statement.
 * What is wrong goes to `problems`; a good signature by an unknown key is no problem of the bag.
 */
export function checkSignatures(
  files: ReadonlyMap<string, Buffer>,
  sealed: Sealed,
  judging: Judging | undefined,
  problems: Problems,
): { readonly checks: readonly Check[]; readonly signatures: readonly CheckedSignature[] } {
  if (files.size === 0)
    return { checks: [{ check: 'signature', result: 'absent', detail: 'nobody signed it' }], signatures: [] };
  const statement = files.get(statementFile);
  const wanted = Buffer.from(statementText(sealed));
  if (statement === undefined) problems.add(statementFile, 'is missing');
  else if (!statement.equals(wanted)) problems.add(statementFile, 'is not the statement of this seal');
  const checks: Check[] = [];
  const signatures: CheckedSignature[] = [];
  for (const [file, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (file === statementFile) continue;
    const read = readSignature(file, bytes, wanted);
    if (typeof read === 'string') {
      problems.add(file, read);
      checks.push({ check: 'signature', result: 'failed', detail: `${file} ${read}` });
      continue;
    }
    const signature = describe(file, read, judging);
    signatures.push(signature);
    const good = signature.standing === 'known' || signature.standing === 'unjudged';
    checks.push({ check: 'signature', result: good ? 'ok' : 'failed', detail: signature.detail });
  }
  if (checks.length === 0)
    checks.push({
      check: 'signature',
      result: 'absent',
      detail: 'there is a statement, and nobody signed it',
    });
  return { checks, signatures };
}

function readSignature(file: string, bytes: Buffer, statement: Buffer): SshSig | string {
  if (!/^[^/]+\.sig$/.test(file.slice(signaturePlace.length + 1))) return 'is extra: it is no signature';
  try {
    const sig = parseSshSig(bytes.toString('latin1'));
    if (sig.namespace !== signatureNamespace)
      return `is a signature for the purpose "${sig.namespace}", not "${signatureNamespace}"`;
    return verifySshSig(sig, statement) ? sig : 'is no signature of the statement of this seal';
  } catch (error) {
    if (error instanceof WireError) return error.message;
    throw error;
  }
}

function describe(
  file: string,
  { publicKey, namespace }: SshSig,
  judging: Judging | undefined,
): CheckedSignature {
  const key = { keyType: keyWord(publicKey.type), fingerprint: fingerprint(publicKey.blob) };
  const named = `${key.keyType} ${key.fingerprint}`;
  if (judging === undefined) {
    const detail = `by ${named}; whose key that is, --signers FILE would tell`;
    return { file, ...key, standing: 'unjudged', detail };
  }
  const found = standingOf(judging.signers, publicKey, namespace, judging.now.getTime());
  if (found.standing === 'unknown')
    return { file, ...key, standing: 'unknown', detail: `by ${named}, a key that no signer has` };
  return {
    file,
    ...key,
    standing: found.standing,
    signer: found.principals,
    detail: `by ${found.principals}, ${named}${remark(found, judging.now)}`,
  };
}

function remark(found: Exclude<Standing, { standing: 'unknown' }>, now: Date): string {
  const day = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
  switch (found.standing) {
    case 'known':
      return '';
    case 'expired':
      return `, whose key expired at ${day(found.since)}; it is ${day(now.getTime())} here`;
    case 'early':
      return `, whose key is not valid before ${day(found.since)}; it is ${day(now.getTime())} here`;
    case 'namespace':
      return `, whose key may not sign for the purpose "${signatureNamespace}"`;
  }
}

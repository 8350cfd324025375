import { createHash } from 'node:crypto';
import { signaturePlace } from '../layout.ts';

/** The text that signatures of a case sign. */
export const statementFile = `${signaturePlace}/statement.txt`;

/** Namespace of our signatures (OpenSSH PROTOCOL.sshsig): nothing signed for another purpose can stand for one. */
export const signatureNamespace = 'kubectl-ir';

const firstLine =
  '# kubectl ir statement 1: these tag manifests seal the case, with custody up to the line of this digest\n';

/** True for a text that begins as a statement of ours. */
export function isStatement(content: Buffer): boolean {
  return content.subarray(0, firstLine.length).toString('latin1') === firstLine;
}

/** Tag manifests by name and content, the case's name where the bag is one, and the custody head that bag-info.txt names. */
export interface Sealed {
  readonly name: string | undefined;
  readonly custodyHead: string | undefined;
  readonly tagManifests: ReadonlyMap<string, Buffer>;
}

/**
 * The text that is signed. It follows from the seal alone, so every signer of a seal signs the same bytes. Its lines are
 * those of sha256sum, which leaves out what starts with `#`: `sha256sum -c signature/statement.txt` in the case checks it.
 */
export function statementText({ name, custodyHead, tagManifests }: Sealed): string {
  const digests = [...tagManifests]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, content]) => `${createHash('sha256').update(content).digest('hex')}  ${file}\n`);
  return [
    firstLine,
    ...(name === undefined ? [] : [`# case ${name}\n`]),
    ...(custodyHead === undefined ? [] : [`# custody ${custodyHead}\n`]),
    ...digests,
  ].join('');
}

/** File of a signature by a key, unique to the key: its type and the first bytes of its fingerprint in hex. */
export function signatureFile(keyWord: string, blob: Buffer): string {
  const digest = createHash('sha256').update(blob).digest('hex').slice(0, 16);
  return `${signaturePlace}/${keyWord}-${digest}.sig`;
}

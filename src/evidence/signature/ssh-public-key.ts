import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { sshMpint, sshString, WireError, WireReader } from './ssh-wire.ts';

/** A public key as SSH knows it (RFC 4253, 6.6; RFC 5656; RFC 8709; OpenSSH PROTOCOL.u2f for `sk-`). */
export interface SshPublicKey {
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** The wire format, by which keys are compared. */
  readonly blob: Buffer;
  readonly key: KeyObject;
  /** Digest that the key signs with; undefined where the algorithm has its own (ed25519) or a choice (rsa). */
  readonly digest?: string;
  /** Of a hardware key: what it is enrolled for, `ssh:` as a rule. */
  readonly application?: Buffer;
}

/** SSH's names of the NIST curves (RFC 5656, 10.1), as JSON Web Keys call them, with the digest of RFC 5656, 6.2.1. */
const curves = {
  nistp256: { crv: 'P-256', digest: 'sha256', length: 32 },
  nistp384: { crv: 'P-384', digest: 'sha384', length: 48 },
  nistp521: { crv: 'P-521', digest: 'sha512', length: 66 },
} as const;

type CurveName = keyof typeof curves;

/** Types of keys that can be checked here. */
const publicKeyTypes = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
] as const;

/** Reads a key in wire format. Throws WireError when it is none, or of a type that is not known here. */
export function parsePublicKey(blob: Buffer): SshPublicKey {
  const reader = new WireReader(blob);
  const type = reader.text();
  const known = publicKeyTypes.find((name) => name === type);
  if (known === undefined) throw new WireError(`is a key of type ${type}, which is not known here`);
  const { jwk, digest } = readJwk(known, reader);
  const application = known.startsWith('sk-') ? reader.string() : undefined;
  reader.end();
  return {
    type,
    blob: Buffer.from(blob),
    key: keyOf(jwk),
    ...(digest === undefined ? {} : { digest }),
    ...(application === undefined ? {} : { application: Buffer.from(application) }),
  };
}

function readJwk(
  type: (typeof publicKeyTypes)[number],
  reader: WireReader,
): { readonly jwk: JsonWebKey; readonly digest?: string } {
  if (type === 'ssh-rsa') {
    const e = base64url(reader.mpint());
    return { jwk: { kty: 'RSA', e, n: base64url(reader.mpint()) } };
  }
  if (type === 'ssh-ed25519' || type === 'sk-ssh-ed25519@openssh.com')
    return { jwk: { kty: 'OKP', crv: 'Ed25519', x: base64url(reader.string()) } };
  const curve = curves[curveOf(reader.text())];
  const point = reader.string();
  if (point[0] !== 4 || point.length !== 1 + 2 * curve.length)
    throw new WireError('holds no point of its curve');
  const [x, y] = [point.subarray(1, 1 + curve.length), point.subarray(1 + curve.length)].map(base64url);
  return { jwk: { kty: 'EC', crv: curve.crv, x: x ?? '', y: y ?? '' }, digest: curve.digest };
}

/** SSH's name of a curve. Throws WireError for any other text. */
export function curveOf(name: string): CurveName {
  if (Object.hasOwn(curves, name)) return name as CurveName;
  throw new WireError(`uses the curve ${name}, which is not known here`);
}

function keyOf(jwk: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch (cause) {
    throw new WireError('is no valid key', { cause });
  }
}

/** Wire format of a public key of Node. Throws WireError for an algorithm that SSH has no signatures of. */
export function encodePublicKey(key: KeyObject): Buffer {
  const { kty, crv, x = '', y = '', n = '', e = '' } = key.export({ format: 'jwk' });
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
  if (kty === 'RSA') return Buffer.concat([sshString('ssh-rsa'), sshMpint(bytes(e)), sshMpint(bytes(n))]);
  if (kty === 'OKP' && crv === 'Ed25519')
    return Buffer.concat([sshString('ssh-ed25519'), sshString(bytes(x))]);
  const name = Object.entries(curves).find(([, curve]) => kty === 'EC' && curve.crv === crv)?.[0];
  if (name === undefined) throw new WireError('is a key that SSH cannot sign with');
  const point = Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]);
  return Buffer.concat([sshString(`ecdsa-sha2-${name}`), sshString(name), sshString(point)]);
}

/** `SHA256:…` as `ssh-keygen -l` prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** Short name of a key's type: `ed25519`, `ecdsa`, `rsa`, `sk-ed25519`, `sk-ecdsa`. */
export function keyWord(type: string): string {
  return type
    .replace(/@.*$/, '')
    .replace(/^(sk-)?ssh-/, '$1')
    .replace(/-sha2-.*$/, '');
}

/** Key and comment of a line `TYPE BASE64 COMMENT`; undefined when the text is none. Throws WireError for a bad key. */
export function parsePublicKeyLine(
  text: string,
): { readonly key: SshPublicKey; readonly comment: string } | undefined {
  const [, type, base64, comment = ''] = /^(\S+)[ \t]+([A-Za-z0-9+/]+=*)(?:[ \t]+(.*))?\s*$/.exec(text) ?? [];
  if (type === undefined || base64 === undefined) return undefined;
  const key = parsePublicKey(Buffer.from(base64, 'base64'));
  if (key.type !== type) throw new WireError(`says ${type} and holds a key of type ${key.type}`);
  return { key, comment: comment.trim() };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

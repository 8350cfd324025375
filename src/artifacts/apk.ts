import { type Malformed, lines } from './lines.ts';
import type { InstalledPackage, PackageFile } from './package.ts';
import { present } from './present.ts';

/** The packages of Alpine's /lib/apk/db/installed: apk-package(5), apk-tools src/database.c `apk_db_fdb_read`. */
export function* parseApk(bytes: Buffer): Generator<InstalledPackage | Malformed> {
  let fields = new Map<string, string>();
  let files: PackageFile[] = [];
  let directory = '';
  let file: Buffer | undefined;
  let start = 0;
  const take = function* (): Generator<InstalledPackage | Malformed> {
    if (fields.size > 0) yield readPackage(fields, files) ?? { malformed: 'no package', offset: start };
    fields = new Map();
    files = [];
    directory = '';
    file = undefined;
  };
  for (const { bytes: line, offset } of lines(bytes)) {
    if (line.length === 0) {
      yield* take();
      start = offset + 1;
      continue;
    }
    const text = line.toString('latin1');
    const value = text.slice(2);
    if (text[1] !== ':') yield { malformed: 'no field of a package', offset };
    else if (text[0] === 'F') directory = value;
    else if (text[0] === 'R')
      file = Buffer.from(directory === '' ? `/${value}` : `/${directory}/${value}`, 'latin1');
    else if (text[0] === 'Z' && file !== undefined) {
      const digest = readDigest(value);
      if (digest !== undefined) files.push({ package: fields.get('P') ?? '', path: file, ...digest });
    } else if (!fields.has(text.slice(0, 1))) fields.set(text.slice(0, 1), value);
  }
  yield* take();
}

function readPackage(
  fields: ReadonlyMap<string, string>,
  files: readonly PackageFile[],
): InstalledPackage | undefined {
  const name = fields.get('P');
  const version = fields.get('V');
  if (name === undefined || version === undefined) return undefined;
  return {
    manager: 'apk',
    name,
    version,
    architecture: fields.get('A') ?? '',
    ...present({ source: fields.get('o'), vendor: fields.get('m') }),
    files,
  };
}

/** `Q1` and base64 of a SHA-1, `Q2` of a SHA-256. */
function readDigest(text: string): Pick<PackageFile, 'algorithm' | 'digest'> | undefined {
  const bytes = Buffer.from(text.slice(2), 'base64');
  if (text.startsWith('Q1') && bytes.length === 20)
    return { algorithm: 'sha1', digest: bytes.toString('hex') };
  if (text.startsWith('Q2') && bytes.length === 32)
    return { algorithm: 'sha256', digest: bytes.toString('hex') };
  return undefined;
}

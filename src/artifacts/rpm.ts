import { instantText } from './instant.ts';
import type { Malformed } from './lines.ts';
import type { InstalledPackage, PackageFile } from './package.ts';
import { present } from './present.ts';
import type { RandomAccess } from './random-access.ts';
import { mostValues, RpmHeader } from './rpm-header.ts';
import { SqliteDatabase } from './sqlite.ts';

/** RPMTAG_* of rpm include/rpm/rpmtag.h. */
const tag = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  installTime: 1008,
  vendor: 1011,
  architecture: 1022,
  fileDigests: 1035,
  source: 1044,
  directoryIndexes: 1116,
  baseNames: 1117,
  directories: 1118,
  digestAlgorithm: 5011,
} as const;

/** PGPHASHALGO_* that rpm uses for files. */
const algorithms: Readonly<Record<number, PackageFile['algorithm']>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  10: 'sha512',
};

/** The packages of rpmdb.sqlite (rpm lib/backend/sqlite.c): one header for each row of `Packages`. */
export function* parseRpm(file: RandomAccess, wal?: RandomAccess): Generator<InstalledPackage | Malformed> {
  const database = SqliteDatabase.open(file, wal);
  if (database === undefined) {
    yield { malformed: 'no database', offset: 0 };
    return;
  }
  for (const row of database.rows('Packages')) {
    const blob = row.get('blob');
    const header = Buffer.isBuffer(blob) ? RpmHeader.read(blob) : undefined;
    const read = header && readPackage(header);
    if (read === undefined) yield { malformed: 'no header of a package', offset: 0 };
    else {
      yield read.installed;
      if (read.cut)
        yield { malformed: 'a package lists more files than any real one; the rest was left out', offset: 0 };
    }
  }
  yield* database.leftOut();
}

function readPackage(header: RpmHeader): { installed: InstalledPackage; cut: boolean } | undefined {
  const name = header.text(tag.name);
  const version = header.text(tag.version);
  const release = header.text(tag.release);
  if (name === undefined || version === undefined || release === undefined) return undefined;
  const [epoch] = header.numbers(tag.epoch);
  const [time] = header.numbers(tag.installTime);
  const { files, cut } = filesOf(header, name);
  const installed: InstalledPackage = {
    manager: 'rpm',
    name,
    version: `${epoch === undefined ? '' : `${epoch}:`}${version}-${release}`,
    architecture: header.text(tag.architecture) ?? '',
    ...present({
      source: header.text(tag.source),
      vendor: header.text(tag.vendor),
      installed: time === undefined ? undefined : instantText(time),
    }),
    files,
  };
  return { installed, cut };
}

function filesOf(header: RpmHeader, name: string): { files: PackageFile[]; cut: boolean } {
  const names = header.texts(tag.baseNames);
  const directories = header.texts(tag.directories);
  const indexes = header.numbers(tag.directoryIndexes);
  const [algorithm = 1] = header.numbers(tag.digestAlgorithm);
  const files: PackageFile[] = [];
  // Files share their directories, so one with a long name would make a small header huge.
  let budget = 8 * header.size;
  for (const [index, digest] of header.texts(tag.fileDigests).entries()) {
    const base = names[index];
    const directory = directories[indexes[index] ?? -1];
    if (base === undefined || directory === undefined || digest.length === 0) continue;
    budget -= directory.length + base.length;
    if (budget < 0) return { files, cut: true };
    files.push({
      package: name,
      path: Buffer.concat([directory, base]),
      algorithm: algorithms[algorithm] ?? 'other',
      digest: digest.toString('latin1'),
    });
  }
  return { files, cut: header.count(tag.fileDigests) > mostValues };
}

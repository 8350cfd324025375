import { type Malformed, lines } from './lines.ts';
import type { InstalledPackage, PackageFile } from './package.ts';
import { present } from './present.ts';

/** What is read of a paragraph; of other names there may be millions. */
const read = new Set(['package', 'version', 'source', 'status', 'architecture', 'maintainer']);

/** The packages of /var/lib/dpkg/status: paragraphs of deb-control(5), fields of dpkg lib/dpkg/parse.c. */
export function* parseDpkgStatus(bytes: Buffer): Generator<InstalledPackage | Malformed> {
  let fields = new Map<string, string>();
  let start = 0;
  for (const { bytes: line, offset } of lines(bytes)) {
    if (line.length === 0) {
      if (fields.size > 0) yield readPackage(fields) ?? { malformed: 'no package', offset: start };
      fields = new Map();
      start = offset + 1;
      continue;
    }
    const match = /^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*)$/s.exec(line.toString('utf8'));
    if (match?.[1] !== undefined) {
      const name = match[1].toLowerCase();
      if (read.has(name) && !fields.has(name)) fields.set(name, (match[2] ?? '').trimEnd());
    } else if (line[0] !== 0x20 && line[0] !== 0x09) yield { malformed: 'no field of a package', offset };
  }
  if (fields.size > 0) yield readPackage(fields) ?? { malformed: 'no package', offset: start };
}

function readPackage(fields: ReadonlyMap<string, string>): InstalledPackage | undefined {
  const name = fields.get('package');
  const version = fields.get('version');
  if (name === undefined || version === undefined) return undefined;
  const [, source, sourceVersion] = /^(\S+)(?: \((.*)\))?$/.exec(fields.get('source') ?? '') ?? [];
  const state = fields.get('status');
  return {
    manager: 'dpkg',
    name,
    version,
    architecture: fields.get('architecture') ?? '',
    ...present({
      source,
      sourceVersion,
      vendor: fields.get('maintainer'),
      state: state === 'install ok installed' ? undefined : state,
    }),
  };
}

/** The files of one package by its file of sums, deb-md5sums(5); `path` of that file gives the package's name. */
export function* parsePackageSums(bytes: Buffer, path: Buffer): Generator<PackageFile | Malformed> {
  const name = /([^/]+)\.md5sums$/.exec(path.toString('latin1'))?.[1] ?? '';
  for (const { bytes: line, offset } of lines(bytes)) {
    const match = /^([0-9a-f]{32}) [ *](.+)$/s.exec(line.toString('latin1'));
    if (match?.[1] === undefined || match[2] === undefined) yield { malformed: 'no line of sums', offset };
    else
      yield {
        package: name.replace(/:.*$/, ''),
        path: Buffer.from(`/${match[2].replace(/^\.?\//, '')}`, 'latin1'),
        algorithm: 'md5',
        digest: match[1],
      };
  }
}

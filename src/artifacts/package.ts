/** A package that a package manager says is installed. */
export interface InstalledPackage {
  /** Id of the container (or of its layer, with CRI-O and docker) that it is installed in; missing for the node's own. */
  readonly container?: string;
  readonly manager: 'dpkg' | 'apk' | 'rpm';
  readonly name: string;
  /** As the manager writes it, with epoch and release. */
  readonly version: string;
  readonly architecture: string;
  /** The source package it was built from, and its version where that differs. */
  readonly source?: string;
  readonly sourceVersion?: string;
  readonly vendor?: string;
  /** RFC 3339 in UTC, where the database has it. */
  readonly installed?: string;
  /** What the manager says of it when that is not simply installed, such as `deinstall ok config-files`. */
  readonly state?: string;
  /** Its files with what they should be; of Debian they are in files of their own. */
  readonly files?: readonly PackageFile[];
}

/** Packages of a container, which stands in the name of the item that they were read from. Their files are left out. */
export function* inContainer<R extends object>(
  records: Iterable<InstalledPackage | R>,
  itemName: Buffer,
): Generator<InstalledPackage | R> {
  const container = containerOfItem(itemName.toString('latin1'));
  for (const record of records)
    if ('manager' in record)
      yield { ...(container === undefined ? {} : { container }), ...withoutFiles(record) };
    else yield record;
}

/** The container whose file an item is: `live_response/containers/ID/root/…`. */
export function containerOfItem(itemName: string): string | undefined {
  return /^live_response\/containers\/([^/]+)\/root\//.exec(itemName)?.[1];
}

/** A file of a package and the digest that it should have. */
export interface PackageFile {
  readonly package: string;
  /** Absolute on the node, raw bytes. */
  readonly path: Buffer;
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512' | 'other';
  /** Hex. */
  readonly digest: string;
}

/** A package alone: a database of rpm or apk lists its files with it. */
export function withoutFiles(record: InstalledPackage): InstalledPackage {
  const { files, ...rest } = record;
  return files === undefined ? record : rest;
}

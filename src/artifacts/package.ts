/** A package that a package manager says is installed. */
export interface InstalledPackage {
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

/** A file of a package and the digest that it should have. */
export interface PackageFile {
  readonly package: string;
  /** Absolute on the node, raw bytes. */
  readonly path: Buffer;
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512' | 'other';
  /** Hex. */
  readonly digest: string;
}

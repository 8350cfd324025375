import descriptor from '../../package.json' with { type: 'json' };

/** What this program is, for `version`, for reports of bugs and for the record in a case. */
export interface BuildInfo {
  /** Semantic version with `v`. */
  readonly version: string;
  /** Commit it was built from; absent when it runs from its sources. */
  readonly commit?: string;
  readonly node: string;
  /** Operating system and architecture in Go's words, such as `linux/amd64`. */
  readonly platform: string;
}

/** Put in by the build; not defined when the program runs from its sources. */
declare const KUBECTL_IR_COMMIT: string | undefined;

/** Facts of the running program. */
export function buildInfo(): BuildInfo {
  const commit = typeof KUBECTL_IR_COMMIT === 'undefined' ? '' : KUBECTL_IR_COMMIT;
  return {
    version: `v${descriptor.version}`,
    ...(commit === '' ? {} : { commit }),
    node: process.version,
    platform: `${process.platform === 'win32' ? 'windows' : process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}

import { jsonObject, labelsOf, listOf, objectOf, textOf, textsOf } from './json.ts';

/** A mount that a container was made with: OCI runtime-spec config.md, "Mounts". */
export interface SpecMount {
  readonly destination: string;
  readonly type: string;
  /** A path on the node for bind mounts. */
  readonly source: string;
  readonly readOnly: boolean;
}

/** What a runtime's record of a container keeps of its OCI specification. */
export interface ContainerSpec {
  readonly mounts: readonly SpecMount[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** Reads a specification; what is not of the expected form is left out. */
export function parseContainerSpec(bytes: Buffer): ContainerSpec {
  const spec = jsonObject(bytes);
  return {
    mounts: listOf(spec?.['mounts'])
      .map((mount) => objectOf(mount) ?? {})
      .filter((mount) => textOf(mount['destination'])?.startsWith('/') === true)
      .map((mount) => {
        const options = textsOf(mount['options']);
        const bind = options.includes('bind') || options.includes('rbind');
        return {
          destination: textOf(mount['destination']) ?? '',
          type: bind ? 'bind' : (textOf(mount['type']) ?? ''),
          source: textOf(mount['source']) ?? '',
          readOnly: options.includes('ro'),
        };
      }),
    annotations: labelsOf(spec?.['annotations']),
  };
}

import { dump, load } from 'js-yaml';

/** krew's plugin manifest (krew.googlecontainertools.github.com/v1alpha2), as far as it is filled here. */
interface Manifest {
  readonly spec: { version: string; platforms: Platform[] };
}

interface Platform {
  uri: string;
  sha256: string;
  readonly bin: string;
}

/**
 * krew-manifest.yaml with its placeholders filled: VERSION by `version` (semver with `v`), the sha256 of each archive by name.
 * Platforms whose archive was not built are left out. Throws when a platform's uri names no archive.
 */
export function fillManifest(
  template: string,
  version: string,
  archives: Readonly<Record<string, string>>,
): string {
  const manifest = load(template) as Manifest;
  manifest.spec.version = version;
  manifest.spec.platforms = manifest.spec.platforms.flatMap((platform) => {
    const name = /[^/]+\.tar\.gz$/.exec(platform.uri)?.[0];
    if (name === undefined) throw new Error(`krew-manifest.yaml: no archive in the uri "${platform.uri}"`);
    const sha256 = archives[name];
    return sha256 === undefined
      ? []
      : [{ ...platform, uri: platform.uri.replace('VERSION', version), sha256 }];
  });
  return dump(manifest, { lineWidth: -1 });
}

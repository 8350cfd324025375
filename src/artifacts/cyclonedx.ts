import type { InstalledPackage } from './package.ts';

/** What the packages of one system are put under. */
export interface BomSubject {
  /** Name of the node. */
  readonly name: string;
  /** RFC 3339, when its packages were read. */
  readonly time: string;
  /** Assignments of its os-release file. */
  readonly system: ReadonlyMap<string, string>;
  /** This program, for the record. */
  readonly tool: { readonly name: string; readonly version: string };
}

/**
 * A bill of materials in CycloneDX 1.5 (ECMA-424), as scanners for known weaknesses read it: each package has a package URL
 * with the distribution, and the system is a component of its own. Packages that were removed are left out.
 */
export function cyclonedx(
  packages: readonly InstalledPackage[],
  { name, time, system, tool }: BomSubject,
): object {
  return bill(componentsOf(packages, system, ''), name, time, tool);
}

/** One container with what is installed in it. */
export interface ContainerPackages {
  readonly id: string;
  readonly packages: readonly InstalledPackage[];
  readonly system: ReadonlyMap<string, string>;
}

/** The same for containers of a node: each is a component with its system and its packages below it. */
export function containersCyclonedx(
  containers: readonly ContainerPackages[],
  { name, time, tool }: Omit<BomSubject, 'system'>,
): object {
  const components = containers.map(({ id, packages, system }) => ({
    type: 'container',
    'bom-ref': id,
    name: id,
    components: componentsOf(packages, system, `${id}/`),
  }));
  return bill(components, name, time, tool);
}

function componentsOf(
  packages: readonly InstalledPackage[],
  system: ReadonlyMap<string, string>,
  prefix: string,
): object[] {
  const id = (system.get('ID') ?? 'linux').toLowerCase();
  const version = system.get('VERSION_ID') ?? '';
  const installed = new Map<string, object>();
  for (const one of packages) {
    if (one.state !== undefined) continue;
    const purl = packageUrl(one, id, version);
    installed.set(purl, {
      type: 'library',
      'bom-ref': prefix + purl,
      name: one.name,
      version: one.version,
      purl,
      ...(one.vendor === undefined ? {} : { publisher: one.vendor }),
      properties: [{ name: 'kubectl-ir:manager', value: one.manager }],
    });
  }
  return [
    {
      type: 'operating-system',
      'bom-ref': `${prefix}system`,
      name: id,
      version,
      ...describe(system.get('PRETTY_NAME')),
    },
    ...installed.values(),
  ];
}

function bill(components: readonly object[], name: string, time: string, tool: BomSubject['tool']): object {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      timestamp: time,
      tools: { components: [{ type: 'application', name: tool.name, version: tool.version }] },
      component: { type: 'device', 'bom-ref': 'node', name },
    },
    components,
  };
}

const types = { dpkg: 'deb', apk: 'apk', rpm: 'rpm' } as const;

/** A package URL (github.com/package-url/purl-spec, types deb, apk, rpm). An epoch is a qualifier for rpm, part of the version for deb. */
export function packageUrl(one: InstalledPackage, id: string, release: string): string {
  const [, epoch, version = one.version] =
    one.manager === 'rpm' ? (/^([0-9]+):(.*)$/s.exec(one.version) ?? []) : [];
  const qualifiers = [
    ['arch', one.architecture],
    ['distro', release === '' ? id : `${id}-${release}`],
    ['epoch', epoch],
    [
      'upstream',
      one.source === undefined
        ? undefined
        : one.source + (one.sourceVersion === undefined ? '' : `@${one.sourceVersion}`),
    ],
  ].flatMap(([key = '', value]) => (value === undefined || value === '' ? [] : [`${key}=${encode(value)}`]));
  return `pkg:${types[one.manager]}/${encode(id)}/${encode(one.name)}@${encode(version)}?${qualifiers.join('&')}`;
}

/** Everything but letters, digits and `.-_~:` in percent form; what is no text becomes U+FFFD. */
function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

function describe(text: string | undefined): object {
  return text === undefined || text === '' ? {} : { description: text };
}

import { type ContainerPackages, containersCyclonedx, cyclonedx } from '../artifacts/cyclonedx.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { parseOsRelease } from '../artifacts/os-release.ts';
import type { InstalledPackage } from '../artifacts/package.ts';
import { OperationError } from '../output/errors.ts';
import type { Exhibit } from './exhibits.ts';
import type { AcquisitionReader } from './reader.ts';

const systemFiles = ['/etc/os-release', '/usr/lib/os-release'];
const longest = 64 * 1024;

/** A bill of materials, which is of one node. */
export interface Bill {
  readonly bill: object;
  /** Other nodes of the case whose packages are not in it. */
  readonly leftOut: readonly string[];
}

/**
 * The packages of a case's newest acquisition that has any, of the node or of its containers, as a bill of materials. Throws
 * OperationError when there are none: an empty bill would say that nothing is installed.
 */
export async function bomOf(
  acquisitions: readonly { readonly name: string; readonly reader: AcquisitionReader }[],
  exhibits: AsyncIterable<Exhibit>,
): Promise<Bill> {
  const packages = new Map<string, InstalledPackage[]>();
  for await (const { acquisition, record } of exhibits) {
    if (isMalformed(record)) continue;
    const list = packages.get(acquisition) ?? [];
    packages.set(acquisition, list);
    list.push(record as InstalledPackage);
  }
  const newest = acquisitions.findLast(({ name }) => packages.has(name));
  if (newest === undefined)
    throw new OperationError('the case holds no packages', {
      advice: 'collect them with: kubectl ir snapshot node NODE --profile packages --case CASE',
    });
  const { info } = newest.reader;
  const nodes = acquisitions.filter(({ name }) => packages.has(name)).map(({ reader }) => nodeOf(reader));
  const leftOut = [...new Set(nodes)].filter((node) => node !== nodeOf(newest.reader));
  const subject = {
    name: nodeOf(newest.reader),
    time: info.started,
    tool: { name: 'kubectl-ir', version: info.tool.version },
  };
  const found = packages.get(newest.name) ?? [];
  const containers = [...new Set(found.flatMap(({ container }) => container ?? []))];
  if (containers.length === 0)
    return {
      bill: cyclonedx(found, { ...subject, system: await systemOf(newest.reader, '[root]') }),
      leftOut,
    };
  const each: ContainerPackages[] = [];
  for (const id of containers.sort())
    each.push({
      id,
      packages: found.filter(({ container }) => container === id),
      system: await systemOf(newest.reader, `live_response/containers/${id}/root`),
    });
  return { bill: containersCyclonedx(each, subject), leftOut };
}

function nodeOf({ info }: AcquisitionReader): string {
  return info.node ?? info.target;
}

/** What the os-release file below a root says; nothing when there is none. */
async function systemOf(reader: AcquisitionReader, root: string): Promise<ReadonlyMap<string, string>> {
  const file = reader.items.find(
    ({ name, type, offset }) =>
      systemFiles.some((path) => name === root + path) && type === 'file' && offset !== undefined,
  );
  return parseOsRelease(file === undefined ? Buffer.alloc(0) : await reader.bytes(file, longest));
}

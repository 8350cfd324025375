import { cyclonedx } from '../artifacts/cyclonedx.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { parseOsRelease } from '../artifacts/os-release.ts';
import type { InstalledPackage } from '../artifacts/package.ts';
import { OperationError } from '../output/errors.ts';
import type { Exhibit } from './exhibits.ts';
import type { AcquisitionReader } from './reader.ts';

const systemFiles = ['[root]/etc/os-release', '[root]/usr/lib/os-release'];
const longest = 64 * 1024;

/**
 * The packages of a case's newest acquisition that has any, as a bill of materials. Throws OperationError when there are
 * none: an empty bill would say that nothing is installed.
 */
export async function bomOf(
  acquisitions: readonly { readonly name: string; readonly reader: AcquisitionReader }[],
  exhibits: AsyncIterable<Exhibit>,
): Promise<object> {
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
      advice: 'collect them with: kubectl ir snapshot node NODE --case CASE',
    });
  const { info, items } = newest.reader;
  const file = items.find(
    ({ name, type, offset }) => systemFiles.includes(name) && type === 'file' && offset !== undefined,
  );
  const system = file === undefined ? Buffer.alloc(0) : await newest.reader.bytes(file, longest);
  return cyclonedx(packages.get(newest.name) ?? [], {
    name: info.node ?? info.target,
    time: info.started,
    system: parseOsRelease(system),
    tool: { name: 'kubectl-ir', version: info.tool.version },
  });
}

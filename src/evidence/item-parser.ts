import type { ParserName } from '../artifacts/artifact.ts';
import { artifactOf } from '../artifacts/catalogue.ts';
import { saysKubelet } from '../artifacts/kubelet-config.ts';
import { itemName, type ItemRecord } from './item-record.ts';
import type { AcquisitionReader } from './reader.ts';

/** Of a file that is longer no kubelet's configuration is. */
const longest = 1024 * 1024;

/**
 * The parser of an item as the catalogue has it. A kubelet's configuration lies wherever its command line says; among what was
 * collected as configuration it is known by its content. Throws VerificationError when that is not what was collected.
 */
export async function parserOf(reader: AcquisitionReader, item: ItemRecord): Promise<ParserName | undefined> {
  const named = artifactOf(itemName(item), item.artifact)?.parser;
  if (named !== undefined || !mayBeConfiguration(item)) return named;
  return saysKubelet(await reader.bytes(item, longest)) ? 'kubelet configuration' : undefined;
}

function mayBeConfiguration({ artifact, type, offset, size }: ItemRecord): boolean {
  return artifact === 'config' && type === 'file' && offset !== undefined && size > 0 && size <= longest;
}

import type { Artifact } from './artifact.ts';
import { isOf } from './artifact.ts';
import { accessArtifacts } from './catalogue/access.ts';
import { containerArtifacts } from './catalogue/containers.ts';
import { kernelArtifacts } from './catalogue/kernel.ts';
import { runtimeArtifacts } from './catalogue/runtimes.ts';
import { sessionArtifacts } from './catalogue/sessions.ts';
import { storedArtifacts } from './catalogue/stored.ts';
import { volatileArtifacts } from './catalogue/volatile.ts';
import { type Tier, tiers } from './tier.ts';

const order = Object.keys(tiers) as Tier[];

/** Everything that is looked for on a node, the most volatile first. */
export const catalogue: readonly Artifact[] = [
  ...volatileArtifacts,
  ...kernelArtifacts,
  ...sessionArtifacts,
  ...runtimeArtifacts,
  ...containerArtifacts,
  ...accessArtifacts,
  ...storedArtifacts,
].sort((a, b) => order.indexOf(a.tier) - order.indexOf(b.tier));

/** What the collector calls logs of an API server, which lie wherever its command line says. */
export const apiAuditMark = 'api-audit';

/**
 * The artifact that an item of an acquisition belongs to: the first in the catalogue that knows its name, else what the collector
 * marked it as.
 */
export function artifactOf(itemName: Buffer, mark?: string): Artifact | undefined {
  const named = catalogue.find((artifact) => isOf(artifact, itemName));
  if (named !== undefined || mark !== apiAuditMark) return named;
  return catalogue.find(({ parser }) => parser === 'api audit');
}

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

/** The artifact that an item of an acquisition belongs to: the first in the catalogue that knows its name. */
export function artifactOf(itemName: Buffer): Artifact | undefined {
  return catalogue.find((artifact) => isOf(artifact, itemName));
}

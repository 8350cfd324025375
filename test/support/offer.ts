import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { processIo } from '../../src/output/io.ts';

/** Something that a test or the demo needs of the cluster; `otherwise` says why it is not there, or how to bring it. */
export interface Requirement {
  readonly what: string;
  readonly met: boolean;
  readonly otherwise: string;
}

/** Images that tests and the demo run. The test cluster has them; on another cluster a variable names each. */
export type ImageName = 'collector' | 'collector-full' | 'collector-old' | 'shop' | 'toolbox';

const { env } = processIo();

/** Variable that is set to `yes` for the processes that work on the project's own test cluster. */
export const ownClusterVariable = 'KUBECTL_IR_OWN_CLUSTER';

function isOwnCluster(): boolean {
  return env[ownClusterVariable] === 'yes';
}

function imageVariable(name: ImageName): string {
  return `KUBECTL_IR_${name.toUpperCase().replace('-', '_')}_IMAGE`;
}

/** Reference of an image; one that no registry has when the cluster was given and nobody named it. */
export function imageOf(name: ImageName): string {
  if (isOwnCluster()) return `lab.local/${name}:1`;
  return env[imageVariable(name)] ?? `not-named.invalid/${name}`;
}

/** An image that can be run. */
export function image(name: ImageName): Requirement {
  const variable = imageVariable(name);
  const met = isOwnCluster() || (env[variable] ?? '') !== '';
  return { what: `the image ${name}`, met, otherwise: `name it in ${variable}` };
}

/** A root shell on the nodes, to plant things there and to see what is left. */
export function nodeShell(): Requirement {
  const otherwise = 'only the test cluster of the project has one';
  return { what: 'a shell on the nodes', met: isOwnCluster(), otherwise };
}

/** A program on PATH of the machine that the tests run on. */
export function program(name: string): Requirement {
  const met = (env['PATH'] ?? '').split(delimiter).some((place) => existsSync(join(place, name)));
  return { what: `the program ${name}`, met, otherwise: 'install it, on PATH' };
}

/** Two nodes, of those that tests may run on. */
export function twoNodes(nodes: readonly string[]): Requirement {
  const otherwise = `${nodes.length} is ready, runs Linux and takes pods`;
  return { what: 'two nodes', met: nodes.length >= 2, otherwise };
}

/** What is missing of some requirements, in words; undefined when nothing is. */
export function lacking(requirements: readonly Requirement[]): string | undefined {
  const missing = requirements.filter(({ met }) => !met);
  if (missing.length === 0) return undefined;
  return missing.map(({ what, otherwise }) => `${what} (${otherwise})`).join(', ');
}

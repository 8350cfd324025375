import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { loadKubeconfig } from './kubeconfig-files.ts';

/** Entries of the kubeconfig that are chosen by name: `--context`, `--cluster` and `--user`. */
export type NamedEntries = 'contexts' | 'clusters' | 'users';

/**
 * Names of entries of the kubeconfig at `path`, or of the one that kubectl would use, in its order; none where it can't be read.
 * A name that is no plain word is left out, as a shell would take it for several.
 */
export async function kubeconfigNames(
  io: Io,
  path: string | undefined,
  entries: NamedEntries,
): Promise<string[]> {
  try {
    const config = await loadKubeconfig(io, path);
    return [...config[entries].keys()].filter((name) => /^[\x21-\x7e]+$/.test(name));
  } catch (error) {
    if (error instanceof OperationError) return [];
    throw error;
  }
}

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { mergeKubeconfigs, parseKubeconfig } from './kubeconfig.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/**
 * The kubeconfig that kubectl would use: the one file of `--kubeconfig`, which must exist; else the list in KUBECONFIG
 * (empty and repeated entries left out), else `~/.kube/config`, of which missing files are ignored.
 * No file at all gives an empty Kubeconfig.
 */
export async function loadKubeconfig(io: Io, explicit: string | undefined): Promise<Kubeconfig> {
  if (explicit !== undefined && explicit !== '') {
    const config = await readKubeconfig(explicit);
    if (config === undefined)
      throw new OperationError(`stat ${explicit}: no such file or directory`, {
        advice: 'give the file of a kubeconfig with --kubeconfig, or leave it out to use $KUBECONFIG',
      });
    return config;
  }
  const configs = await Promise.all(kubeconfigFiles(io.env).map(readKubeconfig));
  return mergeKubeconfigs(configs.filter((config) => config !== undefined));
}

/** The files that are looked at without `--kubeconfig`, in order of precedence. */
export function kubeconfigFiles(env: Io['env']): readonly string[] {
  const list = env['KUBECONFIG'] ?? '';
  if (list !== '') return [...new Set(list.split(path.delimiter).filter((file) => file !== ''))];
  const home = env['HOME'] ?? env['USERPROFILE'];
  return home === undefined ? [] : [path.join(home, '.kube', 'config')];
}

async function readKubeconfig(file: string): Promise<Kubeconfig | undefined> {
  try {
    if ((await stat(file)).isDirectory()) throw new OperationError(`read ${file}: is a directory`);
    return parseKubeconfig(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof OperationError) throw error;
    if (isMissing(error)) return undefined;
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new OperationError(`error loading config file "${file}": ${reason}`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

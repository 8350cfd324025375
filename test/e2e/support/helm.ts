import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { processIo } from '../../../src/output/io.ts';
import { buildModule, type GoModule } from '../../cluster/build.ts';

/** Helm, as whoever runs a cluster has it. */
export const helm: GoModule = {
  directory: '../e2e/support/helm',
  packages: ['helm.sh/helm/v3/cmd/helm'],
  version: {
    of: 'helm.sh/helm/v3',
    variables: (version) => ({ 'helm.sh/helm/v3/internal/version.version': `v${version}` }),
  },
  duration: 'one to two minutes',
};

/** The directory with Helm, built from its Go module or found in the cache. */
export function buildHelm(say: (line: string) => Promise<void>): Promise<string> {
  return buildModule(helm, processIo(), say);
}

/** An environment in which `helm` is on PATH, and keeps what it keeps in `dir`. */
export async function helmEnvironment(dir: string): Promise<Readonly<Record<string, string | undefined>>> {
  const { env } = processIo();
  const programs = await buildHelm(() => Promise.resolve());
  const home = join(dir, 'helm');
  return {
    ...env,
    PATH: `${programs}${delimiter}${env['PATH'] ?? ''}`,
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
  };
}

/** Writes a chart into a directory that is made: its templates by their file names. */
export async function writeChart(
  dir: string,
  metadata: { readonly name: string; readonly version: string },
  templates: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(join(dir, 'templates'), { recursive: true });
  await writeFile(join(dir, 'Chart.yaml'), JSON.stringify({ apiVersion: 'v2', ...metadata }));
  for (const [name, text] of Object.entries(templates)) await writeFile(join(dir, 'templates', name), text);
}

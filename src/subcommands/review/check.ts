import type { Api } from '../../cluster/api.ts';
import { applyObject } from '../../cluster/apply.ts';
import type { Manifest } from '../../incident/controls/control.ts';
import { ApiError } from '../../output/errors.ts';

/** What the server says to a manifest, without keeping it. */
export type Checked = 'accepted' | `refused: ${string}` | `not tried: ${string}`;

/** Has the server validate a manifest (dryRun=All). */
export async function checkManifest(
  api: Api | undefined,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<Checked> {
  if (manifest.apiVersion.startsWith('audit.k8s.io/')) return 'not tried: it is a file of the API server';
  if (api === undefined) return 'not tried: the cluster is not reached';
  try {
    await applyObject(api, manifest, { dryRun: true, force: true, signal });
    return 'accepted';
  } catch (error) {
    if (signal.aborted || !(error instanceof ApiError)) throw error;
    return error.status === 0 ? `not tried: ${error.message}` : `refused: ${error.message}`;
  }
}

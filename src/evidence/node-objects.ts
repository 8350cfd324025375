import type { Api } from '../cluster/api.ts';
import { listRaw } from '../cluster/list.ts';
import { resourcePath } from '../cluster/path.ts';
import { ApiError } from '../output/errors.ts';
import type { Acquisition } from './acquisition.ts';

/** What the API server says of a node, byte for byte: the object, its pods, and the events that name it. */
export async function collectNodeObjects(
  api: Api,
  acquisition: Acquisition,
  node: string,
  signal: AbortSignal,
): Promise<void> {
  const lists = {
    node: { path: resourcePath({ version: 'v1', resource: 'nodes' }), field: `metadata.name=${node}` },
    pods: { path: resourcePath({ version: 'v1', resource: 'pods' }), field: `spec.nodeName=${node}` },
    events: {
      path: resourcePath({ version: 'v1', resource: 'events' }),
      field: `involvedObject.kind=Node,involvedObject.name=${node}`,
    },
  };
  for (const [name, { path, field }] of Object.entries(lists)) {
    const file = `live_response/kubernetes/${name}`;
    try {
      const pages = listRaw(api, {
        path,
        query: { fieldSelector: field },
        doing: `list ${name} of node "${node}"`,
        signal,
      });
      for await (const { bytes, page } of pages)
        await acquisition.addFile(page === 1 ? `${file}.json` : `${file}-${page}.json`, bytes, {
          artifact: 'kubernetes',
          source: `${path}?fieldSelector=${field}`,
          sensitive: true,
        });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const outcome = error.status === 403 || error.status === 401 ? 'denied' : 'truncated';
      await acquisition.gap('kubernetes', `${file}.json`, outcome, error.message);
    }
  }
}

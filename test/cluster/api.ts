import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Layout, network } from './layout.ts';

/** GETs a path of the API server as the administrator; undefined when there is no answer with status 200. */
export async function ask(layout: Layout, path: string): Promise<string | undefined> {
  const [ca, cert, key] = await Promise.all(
    ['ca.crt', 'admin.crt', 'admin.key'].map((name) => readFile(join(layout.pki, name))),
  );
  const tls = { ca, cert, key, agent: false, timeout: 5000 };
  return new Promise((resolve) => {
    const request = get(`https://127.0.0.1:${network.apiPort}${path}`, tls, (response) => {
      text(response).then(
        (body) => resolve(response.statusCode === 200 ? body : undefined),
        () => resolve(undefined),
      );
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', () => resolve(undefined));
  });
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
      readonly nodeInfo?: { readonly containerRuntimeVersion: string; readonly kubeletVersion: string };
    };
  }[];
}

/** What the API server says of one node. */
export interface NodeState {
  readonly name: string;
  readonly ready: boolean;
  readonly kubelet: string;
  readonly runtime: string;
}

/** The nodes that the API server knows; none when it does not answer. */
export async function nodeStates(layout: Layout): Promise<NodeState[]> {
  const body = await ask(layout, '/api/v1/nodes');
  if (body === undefined) return [];
  return (JSON.parse(body) as NodeList).items.map((node) => ({
    name: node.metadata.name,
    ready: node.status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false,
    kubelet: node.status.nodeInfo?.kubeletVersion ?? '',
    runtime: node.status.nodeInfo?.containerRuntimeVersion ?? '',
  }));
}

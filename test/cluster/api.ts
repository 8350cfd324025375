import { readFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { OperationError } from '../../src/output/errors.ts';
import { type Layout, network } from './layout.ts';

/** GETs a path of the API server as the administrator; undefined when there is no answer with status 200. */
export async function ask(layout: Layout, path: string): Promise<string | undefined> {
  const answer = await exchange(layout, 'GET', path).catch(() => undefined);
  return answer?.status === 200 ? answer.body : undefined;
}

/** Sends an object to the API server as the administrator, or deletes one; throws OperationError when it is refused. */
export async function send(
  layout: Layout,
  method: 'POST' | 'DELETE',
  path: string,
  object?: object,
): Promise<void> {
  const { status, body } = await exchange(layout, method, path, object);
  if (status < 200 || status > 299) throw new OperationError(`${method} ${path} was refused: ${body}`);
}

async function exchange(
  layout: Layout,
  method: string,
  path: string,
  object?: object,
): Promise<{ status: number; body: string }> {
  const [ca, cert, key] = await Promise.all(
    ['ca.crt', 'admin.crt', 'admin.key'].map((name) => readFile(join(layout.pki, name))),
  );
  const headers = object === undefined ? {} : { 'content-type': 'application/json' };
  const options = { method, headers, ca, cert, key, agent: false, timeout: 5000 };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(`https://127.0.0.1:${network.apiPort}${path}`, options, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end(object === undefined ? undefined : JSON.stringify(object));
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

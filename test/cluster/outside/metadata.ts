import type { IncomingHttpHeaders } from 'node:http';

/** A request to the metadata service, and the node that it came from. */
export interface MetadataRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly node: { readonly name: string; readonly address: string };
  readonly now: Date;
}

export interface MetadataResponse {
  readonly status: number;
  readonly body: string;
}

/** Given to everybody; a real one is secret and ends. */
const token = 'AQAEAFtestcluster==';

/**
 * Answers as the EC2 instance metadata service does (Amazon EC2 User Guide, "Instance metadata"): version 1 without a
 * token, version 2 with one that `PUT /latest/api/token` gives. Keys are those of the provider's own documentation.
 */
export function metadata(request: MetadataRequest): MetadataResponse {
  const { method, headers } = request;
  if (request.path === '/latest/api/token') return method === 'PUT' ? newToken(headers) : failed(405);
  if (method !== 'GET') return failed(405);
  if ((headers['x-aws-ec2-metadata-token'] ?? token) !== token) return failed(401);
  const body = lookUp(leaves(request), request.path);
  return body === undefined ? failed(404) : { status: 200, body };
}

/** Version 2 refuses what came through a proxy, and asks for a lifetime. */
function newToken(headers: IncomingHttpHeaders): MetadataResponse {
  if (headers['x-forwarded-for'] !== undefined) return failed(403);
  const seconds = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']);
  return seconds >= 1 && seconds <= 21_600 ? { status: 200, body: token } : failed(400);
}

function failed(status: number): MetadataResponse {
  return { status, body: `${status}\n` };
}

/** A leaf's text, or the entries of a directory; undefined when there is neither. */
function lookUp(tree: Readonly<Record<string, string>>, path: string): string | undefined {
  if (Object.hasOwn(tree, path)) return tree[path];
  const directory = path.endsWith('/') ? path : `${path}/`;
  const below = Object.keys(tree).filter((each) => each.startsWith(directory));
  const entries = new Set(below.map((each) => each.slice(directory.length).replace(/\/.*/, '/')));
  return entries.size === 0 ? undefined : [...entries].join('\n');
}

function leaves({ node, now }: MetadataRequest): Record<string, string> {
  const instance = `i-0${Buffer.from(node.name).toString('hex').slice(-16).padStart(16, '0')}`;
  return {
    '/latest/meta-data/hostname': `${node.name}.compute.internal`,
    '/latest/meta-data/iam/security-credentials/test-cluster-node': json(credentialsUntil(now)),
    '/latest/meta-data/instance-id': instance,
    '/latest/meta-data/local-ipv4': node.address,
    '/latest/meta-data/placement/region': 'test-1',
    '/latest/dynamic/instance-identity/document': json({ instanceId: instance, region: 'test-1' }),
    '/latest/user-data': '#!/bin/sh\nexec /usr/local/bin/join-cluster\n',
  };
}

function credentialsUntil(now: Date): object {
  return {
    Code: 'Success',
    LastUpdated: now.toISOString(),
    Type: 'AWS-HMAC',
    AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    Token: 'EXAMPLE',
    Expiration: new Date(now.getTime() + 6 * 3_600_000).toISOString(),
  };
}

function json(value: object): string {
  return JSON.stringify(value, undefined, 2);
}

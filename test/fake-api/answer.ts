import type { Address } from './address.ts';
import { resourceName } from './address.ts';

/** What the server answers: a status and JSON, or bytes as they are. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** A Failure Status as the API server writes it. */
export function failure(status: number, reason: string, message: string): Answer {
  return {
    status,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      code: status,
    },
  };
}

export function notFound(address: Address): Answer {
  return failure(404, 'NotFound', `${resourceName(address)} "${address.name ?? ''}" not found`);
}

export function forbidden(address: Address, verb: string, user: string): Answer {
  const name = address.name === undefined ? '' : ` "${address.name}"`;
  const resource =
    address.subresource === undefined ? address.resource : `${address.resource}/${address.subresource}`;
  const where =
    address.namespace === undefined ? 'at the cluster scope' : `in the namespace "${address.namespace}"`;
  return failure(
    403,
    'Forbidden',
    `${resourceName(address)}${name} is forbidden: User "${user}" cannot ${verb} resource "${resource}" ` +
      `in API group "${address.group}" ${where}`,
  );
}

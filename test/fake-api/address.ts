/** What the path of a request names. */
export interface Address {
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly resource: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Takes a path of the API apart; undefined for other paths such as `/version`. */
export function parseAddress(path: string): Address | undefined {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const rest = parts[0] === 'api' ? parts.slice(1) : parts[0] === 'apis' ? parts.slice(2) : undefined;
  if (rest === undefined) return undefined;
  const group = parts[0] === 'api' ? '' : (parts[1] ?? '');
  const [version, ...names] = rest;
  if (version === undefined || names.length === 0) return undefined;
  const namespaced = names[0] === 'namespaces' && names.length > 2;
  const [resource, name, ...subresource] = namespaced ? names.slice(2) : names;
  if (resource === undefined) return undefined;
  return {
    group,
    version,
    namespace: namespaced ? names[1] : undefined,
    resource,
    name,
    subresource: subresource.length === 0 ? undefined : subresource.join('/'),
  };
}

/** `pods`, or `deployments.apps` for a group, as the server names resources in messages. */
export function resourceName(address: Pick<Address, 'group' | 'resource'>): string {
  return address.group === '' ? address.resource : `${address.resource}.${address.group}`;
}

import type { UserEntry } from './kubeconfig.ts';

/**
 * Headers of user impersonation (Kubernetes docs, "User impersonation"): user, uid, one header per group, and extras whose
 * keys are percent-encoded where a header name could not carry them.
 */
export function impersonationHeaders(user: UserEntry): Record<string, string | string[]> {
  if (user.as === undefined) return {};
  const extras = Object.entries(user.asExtra).map(
    ([key, values]) => [`impersonate-extra-${encodeHeaderKey(key)}`, values.map(asUtf8)] as const,
  );
  return {
    'impersonate-user': asUtf8(user.as),
    ...(user.asUid === undefined ? {} : { 'impersonate-uid': asUtf8(user.asUid) }),
    ...(user.asGroups.length === 0 ? {} : { 'impersonate-group': user.asGroups.map(asUtf8) }),
    ...Object.fromEntries(extras),
  };
}

/** Values go out byte by byte as Latin-1; the server reads those of names as UTF-8, as Go's client sends them. */
function asUtf8(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}

/** client-go's headerKeyEscape: everything that is no token character of RFC 9110, and the percent sign. */
function encodeHeaderKey(key: string): string {
  return Array.from(Buffer.from(key.toLowerCase(), 'utf8'), (byte) => {
    const char = String.fromCharCode(byte);
    return /[a-z0-9!#$&'*+.^_`|~-]/.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

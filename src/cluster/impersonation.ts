import type { UserEntry } from './kubeconfig.ts';

/**
 * Headers of user impersonation (Kubernetes docs, "User impersonation"): user, uid, one header per group, and extras whose
 * keys are percent-encoded where a header name could not carry them.
 */
export function impersonationHeaders(user: UserEntry): Record<string, string | string[]> {
  if (user.as === undefined) return {};
  const extras = Object.entries(user.asExtra).map(
    ([key, values]) => [`impersonate-extra-${encodeHeaderKey(key)}`, [...values]] as const,
  );
  return {
    'impersonate-user': user.as,
    ...(user.asUid === undefined ? {} : { 'impersonate-uid': user.asUid }),
    ...(user.asGroups.length === 0 ? {} : { 'impersonate-group': [...user.asGroups] }),
    ...Object.fromEntries(extras),
  };
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

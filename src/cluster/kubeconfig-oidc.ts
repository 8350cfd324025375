import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { bearer } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import type { AuthProvider } from './kubeconfig.ts';

/**
 * Credentials of `auth-provider: oidc`: the id-token while it is valid, else one refreshed in memory (never written back).
 * The refresh is client-node's, loaded only then, as it costs a tenth of a second. Throws OperationError for another
 * provider, as kubectl has none since 1.26, and for a token that cannot be refreshed.
 */
export function oidcCredentials(provider: AuthProvider, io: Io): Credentials {
  if (provider.name !== 'oidc') {
    throw new OperationError(`no Auth Provider found for name "${provider.name}"`);
  }
  let config = provider.config;
  return {
    authorization: async () => {
      const token = config['id-token'] ?? '';
      if (expiryOf(token) > io.now().getTime() + 10_000) return bearer(token);
      const fresh = await refreshed(config);
      config = { ...config, 'id-token': fresh };
      return bearer(fresh);
    },
    certificate: () => Promise.resolve(undefined),
    refresh: () => {
      const canRefresh = (config['refresh-token'] ?? '') !== '';
      if (canRefresh) config = { ...config, 'id-token': '' };
      return canRefresh;
    },
  };
}

async function refreshed(config: Readonly<Record<string, string>>): Promise<string> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const kubeconfig = new KubeConfig();
  const expired = 'e30.eyJleHAiOjF9.';
  kubeconfig.loadFromOptions({
    clusters: [{ name: 'c', server: 'https://localhost' }],
    users: [{ name: 'u', authProvider: { name: 'oidc', config: { ...config, 'id-token': expired } } }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });
  const options = { headers: {} as Record<string, string> };
  try {
    await kubeconfig.applyToHTTPSOptions(options);
  } catch (error) {
    throw new OperationError('the OIDC token could not be refreshed', { cause: error });
  }
  const header = options.headers['Authorization'] ?? '';
  if (!header.startsWith('Bearer ') || header.endsWith(expired)) {
    throw new OperationError(
      'the OIDC id-token has expired and the kubeconfig has nothing to refresh it with',
      {
        advice: 'log in again with the tool that wrote the kubeconfig',
      },
    );
  }
  return header.slice('Bearer '.length);
}

/** `exp` of a JWT (RFC 7519) in milliseconds; 0 when there is none. */
function expiryOf(token: string): number {
  try {
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      exp?: unknown;
    };
    return typeof payload.exp === 'number' ? payload.exp * 1000 : 0;
  } catch {
    return 0;
  }
}

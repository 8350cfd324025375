import { readFile } from 'node:fs/promises';
import type { Configuration, CustomFetch } from 'openid-client';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import { errorOfConnection } from './api-error.ts';
import { bearer } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import type { AuthProvider } from './kubeconfig.ts';
import { unlessAborted } from './unless-aborted.ts';

/** `config` of `auth-provider: oidc`, with kubectl's keys: id-token, refresh-token, client-id, idp-issuer-url and so on. */
type OidcConfig = Readonly<Record<string, string>>;

/** A token is no longer used when it expires within this time, because it still has to reach the server. */
const marginMs = 10_000;
/** How long a provider may take for all of a refresh; its refresh token may be spent when we give up, so this is not short. */
const refreshMs = 30_000;

/**
 * Credentials of `auth-provider: oidc`: the id-token while it is valid, else one refreshed in memory (never written back
 * to the kubeconfig). An interrupt ends only the waiting: many providers take a refresh token once, and what cleans up
 * needs what came of it. For the same reason it is not `--request-timeout` that ends a refresh, but `limitMs`. Throws
 * OperationError for another provider, as kubectl has none since 1.26, and for a token that cannot be refreshed.
 */
export function oidcCredentials(provider: AuthProvider, io: Io, limitMs = refreshMs): Credentials {
  if (provider.name !== 'oidc') {
    throw new OperationError(`no Auth Provider found for name "${provider.name}"`);
  }
  let config: OidcConfig = provider.config;
  let refreshing: Promise<void> | undefined;
  return {
    authorization: async (signal) => {
      signal?.throwIfAborted();
      if (expiryOf(config['id-token'] ?? '') <= io.now().getTime() + marginMs) {
        refreshing ??= refreshed(config, limitMs)
          .then((fresh) => void (config = fresh))
          .finally(() => (refreshing = undefined));
        await unlessAborted(refreshing, signal);
      }
      return bearer(config['id-token'] ?? '');
    },
    certificate: () => Promise.resolve(undefined),
    refresh: () => {
      const canRefresh = (config['refresh-token'] ?? '') !== '';
      if (canRefresh) config = { ...config, 'id-token': '' };
      return canRefresh;
    },
  };
}

/** The configuration with a fresh id-token, and the refresh token that may have come with it. */
async function refreshed(config: OidcConfig, limitMs: number): Promise<OidcConfig> {
  const refreshToken = config['refresh-token'] ?? '';
  if (refreshToken === '') {
    throw new OperationError('the OIDC id-token has expired and the kubeconfig has no refresh-token', {
      advice: 'log in again with the tool that wrote the kubeconfig',
    });
  }
  const limit = AbortSignal.timeout(limitMs);
  try {
    const { refreshTokenGrant } = await import('openid-client');
    const tokens = await refreshTokenGrant(await discovered(config, limit), refreshToken);
    if (tokens.id_token === undefined) throw new Error('the provider gave no id-token');
    return {
      ...config,
      'id-token': tokens.id_token,
      'refresh-token': tokens.refresh_token ?? refreshToken,
    };
  } catch (error) {
    const issuer = config['idp-issuer-url'] ?? '';
    const late = limit.aborted ? `no answer within ${limitMs / 1000} s` : undefined;
    const unreached = late ?? errorOfConnection(error, hostOf(issuer))?.message;
    const reason = unreached ?? (error instanceof Error ? error.message : 'unknown');
    throw new OperationError(`the OIDC token could not be refreshed at ${issuer}: ${reason}`, {
      advice:
        unreached === undefined
          ? 'log in again with the tool that wrote the kubeconfig'
          : 'use credentials that do not need this issuer: --user NAME, --token TOKEN or another --kubeconfig FILE',
      cause: error,
    });
  }
}

function hostOf(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}

/** The provider's own description (OpenID Connect Discovery), fetched with the CA that the kubeconfig names; `limit` ends every request. */
async function discovered(config: OidcConfig, limit: AbortSignal): Promise<Configuration> {
  const oidc = await import('openid-client');
  const { Agent, fetch } = await import('undici');
  const authority = await authorityOf(config);
  const dispatcher = new Agent({
    connect: authority === undefined ? {} : { ca: authority },
    keepAliveTimeout: 1,
  });
  const secret = config['client-secret'] ?? '';
  const fetchOverTls = (url: string, options: object): Promise<unknown> =>
    fetch(url, { ...options, dispatcher, signal: limit });
  return oidc.discovery(
    new URL(config['idp-issuer-url'] ?? ''),
    config['client-id'] ?? '',
    undefined,
    secret === '' ? oidc.None() : oidc.ClientSecretBasic(secret),
    { [oidc.customFetch]: fetchOverTls as unknown as CustomFetch },
  );
}

async function authorityOf(config: OidcConfig): Promise<Buffer | undefined> {
  const data = config['idp-certificate-authority-data'] ?? '';
  if (data !== '') return Buffer.from(data, 'base64');
  const file = config['idp-certificate-authority'] ?? '';
  return file === '' ? undefined : readFile(file);
}

/** `exp` of a JWT (RFC 7519) in milliseconds; 0 when there is none. */
function expiryOf(token: string): number {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const expires = (payload as { exp?: unknown } | null)?.exp;
    return typeof expires === 'number' ? expires * 1000 : 0;
  } catch {
    return 0;
  }
}

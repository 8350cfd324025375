import { ApiError, OperationError } from '../output/errors.ts';
import { escapeForTerminal } from '../output/escape.ts';
import { isObject } from '../output/is-object.ts';

/** Status object of the API (k8s.io/apimachinery meta/v1 Status), as far as messages need it; every field is hostile. */
export interface StatusObject {
  /** `Success` or `Failure`. */
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly metadata?: { readonly continue?: string };
  readonly details?: { readonly causes?: readonly StatusCause[] };
}

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/**
 * The error for an HTTP answer outside 2xx. Its message is that of the Status object, escaped and at most 4 KiB; without a
 * Status it is the start of the body. 401 gets kubectl's sentence.
 */
export function errorOfAnswer(status: number, body: string, doing?: string): ApiError {
  const answered = parseStatus(body);
  const parsed = answered?.status === 'Failure' ? answered : undefined;
  const said = parsed?.message ?? (parsed === undefined ? body.trim() : '');
  const text = clip(escapeForTerminal(said)) || `the server answered HTTP ${status}`;
  const reason = /^[A-Za-z]{1,64}$/.test(parsed?.reason ?? '') ? parsed?.reason : reasonOfStatus(status);
  if (status === 401) {
    return new ApiError(`You must be logged in to the server (${text})`, { status, reason: 'Unauthorized' });
  }
  const continueToken = status === 410 ? parsed?.metadata?.continue : undefined;
  return new ApiError(doing === undefined ? text : `cannot ${doing}: ${text}`, {
    status,
    reason: reason ?? '',
    ...(continueToken === undefined ? {} : { continueToken }),
  });
}

/** The Status object in `body`, or undefined when it is something else; fields of a wrong type are left out. */
export function parseStatus(body: string): StatusObject | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(value) || (value['kind'] ?? 'Status') !== 'Status') return undefined;
  const causes = isObject(value['details']) ? value['details']['causes'] : undefined;
  return {
    ...stringField(value, 'status'),
    ...stringField(value, 'message'),
    ...stringField(value, 'reason'),
    ...(typeof value['code'] === 'number' ? { code: value['code'] } : {}),
    ...(isObject(value['metadata']) ? { metadata: stringField(value['metadata'], 'continue') } : {}),
    details: { causes: Array.isArray(causes) ? causes.filter(isObject).slice(0, 100).map(cause) : [] },
  };
}

/**
 * The error for a failed connection, in kubectl's words; undefined when `error` has nothing to do with the network, which
 * makes it a bug. An OperationError among its causes, such as a credential plugin's, is returned as it is. `host` is the
 * server's `HOST:PORT`.
 */
export function errorOfConnection(error: unknown, host: string): OperationError | undefined {
  const cause = rootCause(error);
  if (cause instanceof OperationError) return cause;
  const text = cause instanceof Error ? connectionText(cause, host) : undefined;
  if (text === undefined) return undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : '';
  const unreached = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].some((one) => one === code);
  return new ApiError(text, { status: 0, cause, ...(unreached ? { advice: adviceFor(host) } : {}) });
}

/** kubectl falls back to localhost:8080 when there is no kubeconfig. */
function adviceFor(host: string): string {
  return host === 'localhost:8080'
    ? 'no kubeconfig names a cluster: set KUBECONFIG, or give --kubeconfig FILE'
    : 'see which cluster is meant with: kubectl config view --minify';
}

function connectionText(error: Error, host: string): string | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ECONNREFUSED') {
    return `The connection to the server ${host} was refused - did you specify the right host or port?`;
  }
  const detail = connectionDetail(code, error, host);
  return detail === undefined ? undefined : `Unable to connect to the server: ${detail}`;
}

function connectionDetail(code: string, error: Error, host: string): string | undefined {
  const known = connectionDetails[code];
  if (known !== undefined) return known.replace('HOST', host);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `dial tcp: lookup ${host.replace(/:\d+$/, '')}: no such host`;
  }
  if (error.name === 'TimeoutError') return connectionDetails['UND_ERR_HEADERS_TIMEOUT'];
  if (/^(ERR_TLS|ERR_SSL|CERT_|HOSTNAME_|INVALID_CA|PATH_LENGTH|CRL_)/.test(code)) {
    return `tls: ${escapeForTerminal(error.message).split('\n')[0] ?? ''}`;
  }
  if (/^(UND_ERR|HPE_|ECONN|ENET|EHOST|EPIPE|EPROTO|ETIMEDOUT|ERR_SOCKS|ERR_PROXY)/.test(code)) {
    return escapeForTerminal(error.message);
  }
  return undefined;
}

const unknownAuthority = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';

const connectionDetails: Readonly<Record<string, string>> = {
  ECONNRESET: 'connection to HOST reset by peer',
  EPIPE: 'connection to HOST reset by peer',
  UND_ERR_SOCKET: 'connection to HOST closed: unexpected EOF',
  ETIMEDOUT: 'dial tcp HOST: i/o timeout',
  UND_ERR_CONNECT_TIMEOUT: 'dial tcp HOST: i/o timeout',
  UND_ERR_HEADERS_TIMEOUT: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  UND_ERR_BODY_TIMEOUT:
    'context deadline exceeded (Client.Timeout or context cancellation while reading body)',
  EHOSTUNREACH: 'dial tcp HOST: connect: no route to host',
  ENETUNREACH: 'dial tcp HOST: connect: network is unreachable',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  CERT_HAS_EXPIRED: 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
  CERT_NOT_YET_VALID: 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
  ERR_SSL_WRONG_VERSION_NUMBER: 'http: server gave HTTP response to HTTPS client',
  EPROTO: 'http: server gave HTTP response to HTTPS client',
};

/** Node wraps network errors: AggregateError of several addresses, `cause` of fetch-like errors. */
function rootCause(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootCause(error.errors[0]);
  if (error instanceof OperationError) return error;
  return error instanceof Error && error.cause instanceof Error ? rootCause(error.cause) : error;
}

/** Reason of an answer without a Status. Never NotFound: a proxy's 404 must not pass for an object that is gone. */
function reasonOfStatus(status: number): string {
  const reasons: Readonly<Record<number, string>> = {
    400: 'BadRequest',
    403: 'Forbidden',
    409: 'Conflict',
    410: 'Gone',
    422: 'Invalid',
    429: 'TooManyRequests',
    500: 'InternalError',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  };
  return reasons[status] ?? '';
}

function cause(value: Readonly<Record<string, unknown>>): StatusCause {
  return {
    ...stringField(value, 'reason'),
    ...stringField(value, 'message'),
    ...stringField(value, 'field'),
  };
}

function stringField<K extends string>(
  value: Readonly<Record<string, unknown>>,
  key: K,
): Partial<Record<K, string>> {
  const field = value[key];
  return (typeof field === 'string' ? { [key]: field } : {}) as Partial<Record<K, string>>;
}

function clip(text: string): string {
  return text.length > 4096 ? `${text.slice(0, 4096)}…` : text;
}

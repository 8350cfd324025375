import { formatAge } from '../../output/age.ts';
import { OperationError } from '../../output/errors.ts';
import type { StorageUrl } from './storage-url.ts';

const credentialAdvice =
  'credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from AWS_PROFILE, or from the machine, as for the aws program';
const wrongCredentials = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'ExpiredToken',
  'XAdminUserNotFound',
]);
/** Error codes of Node's TLS for a certificate that does not hold here. */
const certificate = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_)/;

/** What a request to storage failed with, as far as it is known to be told. */
interface Failure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly RequestTime?: unknown;
  readonly ServerTime?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** HTTP status of the answer; undefined when none came. */
export function statusOf(error: unknown): number | undefined {
  return (error as Failure).$metadata?.httpStatusCode;
}

/** S3's name of an error, such as `NoSuchUpload`. */
export function nameOf(error: unknown): string {
  return String((error as Failure).name);
}

/** One sentence for whatever a request to storage failed with; `step` says what was tried, as in `begin the upload to`. */
export function storageError(error: unknown, step: string, url: StorageUrl): OperationError {
  const failure = error as Failure;
  const name = nameOf(error);
  const what = `cannot ${step} ${url.text}`;
  const fail = (why: string, advice?: string): OperationError =>
    new OperationError(`${what}: ${why}`, { cause: error, ...(advice === undefined ? {} : { advice }) });
  if (name === 'RequestTimeTooSkewed') return fail(clockText(failure), 'set the clock, then run this again');
  if (wrongCredentials.has(name))
    return fail('the storage does not accept these credentials', credentialAdvice);
  if (name === 'CredentialsProviderError') return fail('there are no credentials', credentialAdvice);
  if (name === 'NoSuchBucket')
    return fail(`there is no bucket ${url.bucket}`, 'make it, or give another one');
  if (name === 'AccessDenied' || statusOf(error) === 403)
    return fail(
      'the storage forbids it',
      'the credentials need s3:PutObject, and s3:GetObject to read back or to verify',
    );
  if (statusOf(error) === 404) return fail('there is no such object');
  if (/^Region is missing/.test(String(failure.message)))
    return fail('no region is known', 'set AWS_REGION, or a region in the profile');
  if (certificate.test(String(failure.code)))
    return fail(
      `its certificate does not hold here (${String(failure.code)})`,
      'set NODE_EXTRA_CA_CERTS to the certificate of its CA; a certificate that is "not yet valid" or "expired" may mean a wrong clock',
    );
  if (statusOf(error) === undefined)
    return fail(
      `the storage cannot be reached (${String(failure.message)})`,
      'the address comes from AWS_ENDPOINT_URL_S3, or from the region',
    );
  return fail(`the storage answered ${name}: ${String(failure.message)}`);
}

function clockText({ RequestTime, ServerTime }: Failure): string {
  const ours = requestTime(String(RequestTime));
  const theirs = Date.parse(String(ServerTime));
  const general = "the clock of this machine is too far from the storage's";
  if (Number.isNaN(ours) || Number.isNaN(theirs)) return general;
  const text = formatAge(Math.abs(ours - theirs));
  return `the clock of this machine is ${text} ${ours > theirs ? 'ahead of' : 'behind'} that of the storage`;
}

/** As signatures have it, `20261125T141735Z`, or any other form of ISO 8601. */
function requestTime(text: string): number {
  const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (compact === null) return Date.parse(text);
  const [, year, month, day, hour, minute, second] = compact;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

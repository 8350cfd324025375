import { expect } from 'chai';
import { storageError } from '../../../src/evidence/storage/storage-error.ts';
import { parseStorageUrl } from '../../../src/evidence/storage/storage-url.ts';

const url = parseStorageUrl('s3://cases/x');

function failure(name: string, status: number | undefined, more: object = {}): Error {
  const metadata = status === undefined ? {} : { httpStatusCode: status };
  return Object.assign(new Error('no'), { name, $metadata: metadata, ...more });
}

describe('storageError', () => {
  for (const [what, error, message] of [
    ['an unknown key', failure('InvalidAccessKeyId', 403), 'the storage does not accept these credentials'],
    [
      'a wrong secret',
      failure('SignatureDoesNotMatch', 403),
      'the storage does not accept these credentials',
    ],
    ['no credentials', failure('CredentialsProviderError', undefined), 'there are no credentials'],
    ['a missing bucket', failure('NoSuchBucket', 404), 'there is no bucket cases'],
    ['a missing object', failure('NoSuchKey', 404), 'there is no such object'],
    ['missing rights', failure('AccessDenied', 403), 'the storage forbids it'],
    [
      'a clock ahead by a year',
      failure('RequestTimeTooSkewed', 403, {
        RequestTime: '20271125T141735Z',
        ServerTime: '2026-11-25T14:17:35Z',
      }),
      'the clock of this machine is 365d ahead of that of the storage',
    ],
    [
      'a clock behind',
      failure('RequestTimeTooSkewed', 403, {
        RequestTime: '20261125T121735Z',
        ServerTime: '2026-11-25T14:17:35Z',
      }),
      'the clock of this machine is 2h behind that of the storage',
    ],
    [
      'a clock that is not told',
      failure('RequestTimeTooSkewed', 403),
      "the clock of this machine is too far from the storage's",
    ],
    [
      'a certificate of nobody',
      failure('Error', undefined, { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      'its certificate does not hold here (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
    [
      'no server',
      failure('Error', undefined, { code: 'ECONNREFUSED' }),
      'the storage cannot be reached (no)',
    ],
    ['anything else', failure('SlowDown', 503), 'the storage answered SlowDown: no'],
  ] as const)
    it(`says one clear sentence for ${what}`, () => {
      expect(storageError(error, 'upload to', url).message).to.equal(
        `cannot upload to s3://cases/x: ${message}`,
      );
    });

  it('says where a region comes from', () => {
    const error = storageError(new Error('Region is missing'), 'upload to', url);
    expect(error.advice).to.contain('AWS_REGION');
  });
});

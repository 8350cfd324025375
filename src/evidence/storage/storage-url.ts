import { UsageError } from '../../output/errors.ts';

/** An object in S3-compatible storage. */
export interface StorageUrl {
  readonly bucket: string;
  readonly key: string;
  /** `s3://bucket/key`. */
  readonly text: string;
}

/** True for what `parseStorageUrl` reads. */
export function isStorageUrl(text: string): boolean {
  return text.startsWith('s3://');
}

/** Reads `s3://bucket/key`. Throws UsageError when bucket or key is missing. */
export function parseStorageUrl(text: string): StorageUrl {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(text) ?? [];
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket) || key === '' || key.endsWith('/'))
    throw new UsageError(`${text} names no object; give s3://BUCKET/KEY`);
  return { bucket, key, text };
}

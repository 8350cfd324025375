import { expect } from 'chai';
import { isStorageUrl, parseStorageUrl } from '../../../src/evidence/storage/storage-url.ts';

describe('storage URL', () => {
  it('is a bucket and a key', () => {
    expect(isStorageUrl('s3://cases/x')).to.equal(true);
    expect(isStorageUrl('./s3://cases/x')).to.equal(false);
    const text = 's3://cases/2026/ir x.tar.gz';
    expect(parseStorageUrl(text)).to.deep.equal({ bucket: 'cases', key: '2026/ir x.tar.gz', text });
  });

  it('needs both', () => {
    for (const text of ['s3://', 's3:///x', 's3://cases', 's3://cases/', 's3://cases/2026/', 's3://ca ses/x'])
      expect(() => parseStorageUrl(text), text).to.throw(`${text} names no object; give s3://BUCKET/KEY`);
  });
});

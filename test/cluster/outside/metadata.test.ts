import { expect } from 'chai';
import { metadata, type MetadataRequest, type MetadataResponse } from './metadata.ts';

function ask(path: string, rest: Partial<MetadataRequest> = {}): MetadataResponse {
  const node = { name: 'node-a', address: '10.94.0.2' };
  return metadata({ method: 'GET', path, headers: {}, node, now: new Date(0), ...rest });
}

const ttl = 'x-aws-ec2-metadata-token-ttl-seconds';

describe('metadata service', () => {
  it('lists directories and gives leaves without a token, as version 1 does', () => {
    expect(ask('/').body).to.equal('latest/');
    expect(ask('/latest/').body).to.equal('meta-data/\ndynamic/\nuser-data');
    expect(ask('/latest/meta-data/iam/security-credentials/').body).to.equal('test-cluster-node');
    expect(ask('/latest/meta-data/iam').body).to.equal('security-credentials/');
    expect(ask('/latest/meta-data/local-ipv4').body).to.equal('10.94.0.2');
  });

  it("gives credentials that are plainly nobody's, and that end in six hours", () => {
    const { status, body } = ask('/latest/meta-data/iam/security-credentials/test-cluster-node');
    expect(status).to.equal(200);
    expect(JSON.parse(body)).to.include({
      AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      Expiration: '1970-01-01T06:00:00.000Z',
    });
  });

  it('gives a token for a lifetime, not to a proxy, and refuses a wrong one, as version 2 does', () => {
    const put = (headers: MetadataRequest['headers']): MetadataResponse =>
      ask('/latest/api/token', { method: 'PUT', headers });
    const { status, body } = put({ [ttl]: '21600' });
    expect(status).to.equal(200);
    expect(put({}).status).to.equal(400);
    expect(put({ [ttl]: '21601' }).status).to.equal(400);
    expect(put({ [ttl]: '60', 'x-forwarded-for': '10.0.0.1' }).status).to.equal(403);
    const read = (token: string): number =>
      ask('/latest/meta-data/instance-id', { headers: { 'x-aws-ec2-metadata-token': token } }).status;
    expect([read(body), read('another')]).to.deep.equal([200, 401]);
  });

  it('says no to what is not there and to other methods', () => {
    expect(ask('/computeMetadata/v1/').status).to.equal(404);
    expect(ask('/constructor').status).to.equal(404);
    expect(ask('/latest/meta-data/instance-id', { method: 'POST' }).status).to.equal(405);
    expect(ask('/latest/api/token').status).to.equal(405);
  });
});

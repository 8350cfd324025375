import { expect } from 'chai';
import { errorOfAnswer, errorOfConnection, parseStatus } from '../../src/cluster/api-error.ts';

const status = (fields: object): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...fields });

describe('errorOfAnswer', () => {
  it('takes message and reason from the Status', () => {
    const error = errorOfAnswer(404, status({ message: 'pods "x" not found', reason: 'NotFound' }));
    expect(error).to.include({ message: 'pods "x" not found', status: 404, reason: 'NotFound' });
  });

  it('says what was being done', () => {
    const error = errorOfAnswer(403, status({ message: 'no', reason: 'Forbidden' }), 'get pods "x"');
    expect(error.message).to.equal('cannot get pods "x": no');
  });

  it('has kubectl’s sentence for 401', () => {
    expect(errorOfAnswer(401, status({ message: 'Unauthorized' })).message).to.equal(
      'You must be logged in to the server (Unauthorized)',
    );
  });

  it('uses the start of a body that is no Status, and the code when it is empty', () => {
    expect(errorOfAnswer(502, 'bad gateway\n').message).to.equal('bad gateway');
    expect(errorOfAnswer(502, '').message).to.equal('the server answered HTTP 502');
    expect(errorOfAnswer(503, '').reason).to.equal('ServiceUnavailable');
  });

  it('escapes and cuts what a hostile server says', () => {
    const error = errorOfAnswer(500, status({ message: `\u001b[2J${'x'.repeat(9000)}`, reason: 'A\nB' }));
    expect(error.message).to.match(/^\\x1b\[2Jx+…$/);
    expect(error.message.length).to.be.lessThan(4200);
    expect(error.reason).to.equal('InternalError');
  });
});

describe('parseStatus', () => {
  it('leaves out fields of a wrong type', () => {
    expect(
      parseStatus(status({ message: 1, reason: {}, code: '5', details: { causes: [1, {}] } })),
    ).to.deep.equal({
      status: 'Failure',
      details: { causes: [{}] },
    });
  });

  it('knows what is no Status', () => {
    for (const body of ['', '[]', 'null', '"x"', '{"kind":"Pod"}'])
      expect(parseStatus(body)).to.equal(undefined);
  });
});

describe('errorOfConnection', () => {
  const failure = (code: string, message = 'boom'): Error => Object.assign(new Error(message), { code });
  const cases = [
    [
      'ECONNREFUSED',
      'The connection to the server h:6443 was refused - did you specify the right host or port?',
    ],
    ['ENOTFOUND', 'Unable to connect to the server: dial tcp: lookup h: no such host'],
    ['ETIMEDOUT', 'Unable to connect to the server: dial tcp h:6443: i/o timeout'],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
    ['EPROTO', 'Unable to connect to the server: http: server gave HTTP response to HTTPS client'],
    ['UND_ERR_SOCKET', 'Unable to connect to the server: connection to h:6443 closed: unexpected EOF'],
  ] as const;
  it('says what to do where nothing is there to answer', () => {
    const adviceOf = (host: string): string | undefined =>
      errorOfConnection(failure('ECONNREFUSED'), host)?.advice;
    expect(adviceOf('localhost:8080')).to.equal(
      'no kubeconfig names a cluster: set KUBECONFIG, or give --kubeconfig FILE',
    );
    expect(adviceOf('h:6443')).to.equal('see which cluster is meant with: kubectl config view --minify');
    expect(errorOfConnection(failure('ECONNRESET'), 'h:6443')?.advice).to.equal(undefined);
  });
  for (const [code, message] of cases) {
    it(code, () => {
      expect(errorOfConnection(failure(code), 'h:6443')).to.include({ message, status: 0 });
    });
  }

  it('looks into causes and lists of causes', () => {
    const wrapped = new TypeError('fetch failed', {
      cause: new AggregateError([failure('ECONNREFUSED'), failure('ECONNREFUSED')]),
    });
    expect(errorOfConnection(wrapped, 'h:1')?.message).to.match(/was refused/);
  });

  it('leaves a bug alone', () => {
    expect(errorOfConnection(new TypeError('x is not a function'), 'h')).to.equal(undefined);
    expect(errorOfConnection('text', 'h')).to.equal(undefined);
  });
});

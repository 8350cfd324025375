import { expect } from 'chai';
import fc from 'fast-check';
import { ipv6, parseInet } from '../../src/artifacts/net-inet.ts';

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const listen =
  '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4294967299 1 0000000000000000 100 0 0 10 0\n';
const established6 =
  '   1: B80D0120000000000000000001000000:01BB 0000000000000000FFFF0000040302C6:D431 01 00000000:00000000 00:00000000 00000000     0        0 77 1\n';

describe('parseInet', () => {
  it('reads IPv4 and IPv6 in the byte order of the node', () => {
    expect([...parseInet(Buffer.from(header + listen + established6))]).to.deep.equal([
      {
        localAddress: '127.0.0.1',
        localPort: 8080,
        remoteAddress: '0.0.0.0',
        remotePort: 0,
        state: 'LISTEN',
        uid: 1000,
        inode: 4294967299,
      },
      {
        localAddress: '2001:db8::1',
        localPort: 443,
        remoteAddress: '::ffff:198.2.3.4',
        remotePort: 54321,
        state: 'ESTABLISHED',
        uid: 0,
        inode: 77,
      },
    ]);
    const big = '   0: 7F000001:1F90 00000000:0000 0A 0:0 00:0 0  0        0 5 1\n';
    expect([...parseInet(Buffer.from(big), 'big')]).to.deep.include.members([
      {
        localAddress: '127.0.0.1',
        localPort: 8080,
        remoteAddress: '0.0.0.0',
        remotePort: 0,
        state: 'LISTEN',
        uid: 0,
        inode: 5,
      },
    ]);
  });

  it('says where a line is no row and goes on behind it', () => {
    const rows = [...parseInet(Buffer.from(`${header}garbage\n${listen}${listen.slice(0, 40)}`))];
    expect(rows.map((row) => ('malformed' in row ? row.offset : row.inode))).to.deep.equal([
      header.length,
      4294967299,
      header.length + 8 + listen.length,
    ]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        Array.from(parseInet(Buffer.from(data)));
      }),
    );
  });
});

describe('ipv6', () => {
  it('writes RFC 5952', () => {
    const cases = {
      '00000000000000000000000000000000': '::',
      '00000000000000000000000000000001': '::1',
      fe800000000000000000000000000001: 'fe80::1',
      '20010db8000000000001000000000001': '2001:db8::1:0:0:1',
      '20010db8000100010001000100010001': '2001:db8:1:1:1:1:1:1',
      '20010db8000000010001000100010001': '2001:db8:0:1:1:1:1:1',
      '20010db8000100000000000000000000': '2001:db8:1::',
    };
    for (const [hex, text] of Object.entries(cases)) expect(ipv6(Buffer.from(hex, 'hex'))).to.equal(text);
  });
});

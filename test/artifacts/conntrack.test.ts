import { expect } from 'chai';
import { parseConntrack } from '../../src/artifacts/conntrack.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = `ipv4     2 tcp      6 431999 ESTABLISHED src=10.244.1.5 dst=10.96.0.1 sport=43210 dport=443 src=192.0.2.10 dst=10.244.1.5 sport=6443 dport=43210 [ASSURED] mark=7 zone=0 use=2
ipv4     2 udp      17 29 src=10.244.1.5 dst=10.96.0.10 sport=5353 dport=53 [UNREPLIED] src=10.244.0.2 dst=10.244.1.5 sport=53 dport=5353 mark=0 use=2
ipv4     2 icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=1 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=1 mark=0 use=2
bad
`;

describe('parseConntrack', () => {
  it('reads flows with both directions', () => {
    const [tcp, udp, icmp, bad] = [...parseConntrack(Buffer.from(sample))];
    expect(tcp).to.deep.equal({
      protocol: 'tcp',
      seconds: 431999,
      state: 'ESTABLISHED',
      original: { source: '10.244.1.5', destination: '10.96.0.1', sourcePort: 43210, destinationPort: 443 },
      reply: { source: '192.0.2.10', destination: '10.244.1.5', sourcePort: 6443, destinationPort: 43210 },
      flags: ['ASSURED'],
      mark: 7,
    });
    expect(udp).to.deep.include({ protocol: 'udp', flags: ['UNREPLIED'] });
    expect(icmp).to.deep.include({ original: { source: '10.0.0.1', destination: '10.0.0.2' } });
    expect(bad).to.have.property('malformed');
  });

  it('ends soon on long lines', () =>
    survivesLongLines(parseConntrack, 'ipv4     2 tcp      6 1 ESTABLISHED src='));

  it('survives hostile bytes', () => survivesHostileBytes(parseConntrack, sample));
});

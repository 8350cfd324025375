import { expect } from 'chai';
import { miner } from '../../../src/findings/rules/miner.ts';
import {
  podList,
  podObject,
  processItems,
  type ProcessFacts,
  seenBy,
  specItems,
  web,
} from '../traces-lab.ts';

/** 198.51.100.66, as the kernel writes it. */
const outside = '426433C6';
const table = (remote: string, port = '0D05', state = '01'): Record<string, string> => ({
  '[root]/proc/10/net/tcp': `sl a b c d e f g h i\n0: 0303F40A:A45C ${remote}:${port} ${state} 0:0 0:0 0 0 0 77 1\n`,
});
/** Of 9500 seconds all but a few. */
const busy: ProcessFacts = { in: web, fd: { 3: 'socket:[77]' }, ticks: [940_000, 5000] };
const half = specItems(web, { linux: { resources: { cpu: { quota: 50_000, period: 100_000 } } } });

describe('rule miner', () => {
  it('finds the address of a pool on a command line', () => {
    for (const address of [
      'stratum+tcp://pool.example:3333',
      '--url=stratum+ssl://198.51.100.66:443',
      'stratum2+tcp://p:1',
    ])
      expect(seenBy(miner, processItems(10, { in: web, args: ['/tmp/x', '-o', address] }))).to.deep.equal([
        'high: its command line has the address of a mining pool',
      ]);
  });
  it('finds a process that has computed ever since and talks to somebody outside', () => {
    expect(seenBy(miner, processItems(10, busy), table(outside))).to.deep.equal([
      'medium: 0.99 processors for 158 minutes, with no limit, and a connection outside of the cluster',
    ]);
  });
  it('holds it against the limit of its container', () => {
    const ticks = [455_000, 5000] as const;
    expect(seenBy(miner, processItems(10, { ...busy, ticks }), table(outside))).to.deep.equal([]);
    expect(seenBy(miner, processItems(10, { ...busy, ticks }), half, table(outside))).to.deep.equal([
      'medium: 0.48 processors for 158 minutes, with a limit of 0.50, and a connection outside of the cluster',
    ]);
  });
  it('weighs low what talks to a port of the web', () => {
    expect(seenBy(miner, processItems(10, busy), table(outside, '01BB'))[0]).to.match(/^low: /);
  });
  it('says nothing of work without a connection outside, of connections without work, and of young processes', () => {
    // 10.244.3.2, 192.168.1.9, 169.254.169.254, 127.0.0.1
    for (const remote of ['0203F40A', '0901A8C0', 'FEA9FEA9', '0100007F'])
      expect(seenBy(miner, processItems(10, busy), table(remote)), remote).to.deep.equal([]);
    expect(seenBy(miner, processItems(10, busy), table(outside, '0D05', '06'))).to.deep.equal([]);
    expect(seenBy(miner, processItems(10, { ...busy, ticks: [90_000, 0] }), table(outside))).to.deep.equal(
      [],
    );
    const young = { ...busy, started: 9800, ticks: [20_000, 0] } as const;
    expect(seenBy(miner, processItems(10, young), table(outside))).to.deep.equal([]);
    expect(
      seenBy(miner, processItems(20, { ...busy, in: undefined as never }), table(outside)),
    ).to.deep.equal([]);
  });
  it('knows pods with addresses of the internet', () => {
    const peer = podObject({ id: 'c'.repeat(64), pod: 'p' }, { name: 'peer' }) as { status: object };
    const pods = podList(podObject(web), { ...peer, status: { podIP: '198.51.100.66' } });
    expect(
      seenBy(miner, processItems(10, busy), table(outside), { 'live_response/kubernetes/pods.json': pods }),
    ).to.deep.equal([]);
  });
  it('takes no word that only looks alike for the address of a pool', () => {
    for (const word of ['substratum', 'stratum', 'https://stratum.example', 'chrony stratum 3'])
      expect(seenBy(miner, processItems(10, { in: web, args: ['app', word] }))).to.deep.equal([]);
  });
});

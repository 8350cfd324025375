import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { callScript } from '../../src/collector/running.ts';
import { scriptText } from '../../src/collector/scripts.ts';
import { localNode, type LocalNode } from './local-node.ts';

describe('tries.sh', function () {
  this.timeout(30_000);
  let node: LocalNode;
  beforeEach(() => {
    node = localNode();
  });
  afterEach(() => node.remove());

  it('ends no process of somebody else that has the number of a try that ended', async () => {
    const other = spawn('sleep', ['60']);
    const ended = once(other, 'exit');
    const { signal } = new AbortController();
    const script = { name: 'tries', text: `${scriptText('tries')}tried=" ${other.pid}:1:tcp"; tries_end` };
    await callScript(node.exec, script, { args: [], limit: 100, signal });
    other.kill('SIGTERM');
    await ended;
    expect(other.signalCode).to.equal('SIGTERM');
  });

  it('tells what was answered, what was refused, and nothing of the rest', async () => {
    const tcp = createServer((socket) => socket.on('error', () => undefined).end()).listen(0, '127.0.0.1');
    const dns = createSocket('udp4', (query, from) => {
      const answer = Buffer.from(query);
      answer.writeUInt16BE(0x8180, 2);
      dns.send(answer, from.port, from.address);
    });
    const silent = createSocket('udp4');
    dns.bind(0, '127.0.0.1');
    silent.bind(0, '127.0.0.1');
    await Promise.all([once(tcp, 'listening'), once(dns, 'listening'), once(silent, 'listening')]);
    try {
      const lines = [
        `1 tcp 127.0.0.1 ${(tcp.address() as AddressInfo).port}`,
        '11 tcp 127.0.0.1 1',
        `2 udp 127.0.0.1 ${dns.address().port}`,
        `12 udp 127.0.0.1 ${silent.address().port}`,
        '21 udp 127.0.0.1 1',
        '3 sctp 127.0.0.1 1',
      ];
      const { signal } = new AbortController();
      const script = { name: 'reach', text: scriptText('tries') + scriptText('reach') };
      const call = { args: ['0.5'], input: Buffer.from(`${lines.join('\n')}\n`), limit: 65_536, signal };
      const { exitCode, stdout } = await callScript(node.exec, script, call);
      expect([exitCode, stdout.toString().split('\n').sort()]).to.deep.equal([
        0,
        ['', '1 connected', '11 refused', '2 connected', '21 refused'],
      ]);
    } finally {
      tcp.close();
      dns.close();
      silent.close();
    }
  });

  it('says nothing when nothing was tried', async () => {
    const { signal } = new AbortController();
    const script = { name: 'reach', text: scriptText('tries') + scriptText('reach') };
    const call = { args: ['0.1'], input: Buffer.alloc(0), limit: 65_536, signal };
    const { exitCode, stdout } = await callScript(node.exec, script, call);
    expect([exitCode, stdout.toString()]).to.deep.equal([0, '']);
  });
});

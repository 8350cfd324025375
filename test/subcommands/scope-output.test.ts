import { expect } from 'chai';
import type { Touch } from '../../src/findings/touch.ts';
import { printScope, type Scope } from '../../src/subcommands/scope-output.ts';
import { memoryIo } from '../support/memory-io.ts';

const touch: Touch = {
  subject: {
    node: 'node-a',
    namespace: 'prod',
    pod: 'web',
    container: 'main',
    pid: 7,
    startTicks: 5,
    path: '/tmp/x',
  },
  indicator: { type: 'sha256', value: 'ab'.repeat(32), from: 'list:1' },
  seen: 'has a file of this content',
  confidence: 'high',
  evidence: [{ acquisition: 'a', item: 1, name: 'n\u001b', excerpt: 'e' }],
};
const scope: Scope = {
  indicators: [touch.indicator],
  touches: [
    { ...touch, subject: { user: 'jane' } },
    { ...touch, subject: { node: 'node-b', container: 'abc' } },
    { ...touch, subject: { node: 'node-b', path: '/etc/cron.d/x' } },
    touch,
  ],
  leftOut: [
    {
      indicator: { type: 'address', value: '10.96.0.1', port: 443, from: 'miner' },
      reason: 'the API server\u001b',
      talkers: 12,
    },
  ],
  known: 2,
  nodes: ['node-a', 'node-b'],
  notLooked: [{ what: 'node/node-c', reason: 'NotReady\u001b[2J' }],
};

async function printed(output?: string, one = scope): Promise<string> {
  const io = memoryIo();
  await printScope(io, one, output);
  return io.out();
}

describe('output of scope', () => {
  it('tells who is touched by what, what was not looked at, and how much that is', async () => {
    const lines = (await printed()).trimEnd().split('\n');
    expect(lines[0]).to.match(/^TOUCHED +NODE +SEEN +INDICATOR +SURE +WHERE$/);
    expect(lines.slice(1, 5).map((line) => line.split(/ {3,}/)[0])).to.deep.equal([
      ...['container/node-b/abc', 'node/node-b', 'pod/prod/web', 'user/jane'],
    ]);
    expect(lines[3]).to.match(
      /node-a +has a file of this content +sha256 abababababababababa\.\.\. +high +main pid 7 started at tick 5 \/tmp\/x$/,
    );
    expect(lines.slice(5)).to.deep.equal([
      'LEFT OUT        address 10.96.0.1:443   the API server\\x1b; 12 talk to it, which tells nothing of them; look all the same with --ioc',
      'NOT LOOKED AT   node/node-c   NotReady\\x1b[2J',
      '4 touched, beside 2 traces where they are known; 1 indicator; looked at node-a, node-b',
    ]);
  });
  it('has names alone, and where an indicator comes from and what shows it', async () => {
    expect(await printed('name')).to.equal('container/node-b/abc\nnode/node-b\npod/prod/web\nuser/jane\n');
    expect(await printed('wide')).to.match(/list:1 +n\\x1b: e$/m);
  });
  it('says that nobody is touched and nothing was looked at', async () => {
    const none = { ...scope, touches: [], leftOut: [], known: 0, nodes: [], notLooked: [] };
    expect(await printed(undefined, none)).to.equal('0 touched; 1 indicator; looked at no node\n');
  });
});

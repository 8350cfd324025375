import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { collectFrames } from '../../src/collector/running.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

describe('programs.sh', function () {
  this.timeout(120_000);
  let node: LocalNode;

  before(() => {
    node = localNode();
  });
  after(() => {
    node.remove();
  });

  it('tries each PID up to the one that it is told, and says what it left out', async () => {
    const most = (await readFile('/proc/sys/kernel/pid_max', 'utf8')).trim();
    const sink = new MemorySink();
    const { signal } = new AbortController();
    await collectFrames(node.exec, 'programs', sink, { args: ['1'], signal });
    expect(sink.named('live_response/process/answering_pids.txt').data.toString()).to.equal('1\n');
    const { end } = sink.named('live_response/process/answering_pids.rest');
    expect(end).to.include({ outcome: 'truncated', detail: `tried up to 1 of ${most}` });
  });
});

import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { collectFrames } from '../../src/collector/running.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

describe('programs.sh', function () {
  this.timeout(120_000);
  let nodes: LocalNode[] = [];
  afterEach(() => {
    for (const node of nodes) node.remove();
    nodes = [];
  });

  async function triedUpTo(highest: string, prefix: readonly string[] = []): Promise<MemorySink> {
    const node = localNode('/', prefix);
    nodes.push(node);
    const sink = new MemorySink();
    const { signal } = new AbortController();
    await collectFrames(node.exec, 'programs', sink, { args: [highest], signal });
    return sink;
  }

  it('tries each PID up to the one that it is told, and says what it left out', async () => {
    const most = (await readFile('/proc/sys/kernel/pid_max', 'utf8')).trim();
    const sink = await triedUpTo('1');
    expect(sink.named('live_response/process/answering_pids.txt').data.toString()).to.equal('1\n');
    const { end } = sink.named('live_response/process/answering_pids.rest');
    expect(end).to.include({ outcome: 'truncated', detail: `tried up to 1 of ${most}` });
  });

  it('leaves out nothing where no PID was given that is higher', async () => {
    // In a namespace of its own the numbers begin at 1.
    const sink = await triedUpTo('3000', ['unshare', '--pid', '--fork', '--mount-proc']);
    expect(sink.named('live_response/process/answering_pids.txt').data.toString()).to.match(/^1\n/);
    expect(sink.items.map(({ header }) => header.name)).to.not.include(
      'live_response/process/answering_pids.rest',
    );
  });
});

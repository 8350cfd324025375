import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { createProgress } from '../../src/output/progress.ts';
import { type Look, lookAtNode } from '../../src/subcommands/scope-live.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { aNode } from '../fake-api/builders.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('a node that can not be looked at', () => {
  const look = async (
    node: string,
    conditions: readonly object[],
  ): Promise<{ looked: Look; said: string }> => {
    const fake = await startFakeApi();
    try {
      const one = aNode('node-b');
      fake.put({ ...one, status: { ...one.status, conditions } });
      return await inSandbox(async (dir) => {
        const io = memoryIo();
        const opened = await openCase(io, { dir: join(dir, 'case'), target: 'scope' });
        const looked = await lookAtNode(
          {
            ...{
              api: await fake.connect(),
              opened,
              progress: createProgress(io),
              indicators: [],
              services: () => true,
            },
            context: { io, global: {}, signal: new AbortController().signal },
            flags: {
              ...{ 'collector-image': undefined, 'collector-pull-secret': undefined },
              'collector-namespace': 'kubectl-ir',
            },
          },
          node,
        );
        await opened.close();
        return { looked, said: io.err() };
      });
    } finally {
      await fake.close();
    }
  };

  it('is told with the reason, and nothing is begun on it', async () => {
    const unknown = [
      { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped' },
    ];
    const { looked, said } = await look('node-b', unknown);
    expect(looked.acquisition).to.equal(undefined);
    expect(looked.lacking).to.contain('node "node-b" is NotReady (NodeStatusUnknown: Kubelet stopped)');
    expect(said).to.match(/^ {3}fail {3}node-b/);
    expect((await look('node-b', [])).looked.lacking).to.contain('its kubelet has said nothing');
    expect((await look('node-x', [])).looked.lacking).to.contain('node "node-x" not found');
  });
});

import { expect } from 'chai';
import { figuresText } from '../../../src/subcommands/stats/present.ts';

describe('figures for people', () => {
  it('are a table with the nodes below it', () => {
    const text = figuresText({
      usages: [
        { pod: 'prod/web', cpu: 0.25, throttled: 0.5, memoryBytes: 2048, received: 1024, processes: 3 },
        { pod: 'prod/\u001b[2J', container: 'app' },
      ],
      nodes: [
        { node: 'node-a', cpu: 1.5, processors: 2, memoryBytes: 1024, memoryLimitBytes: 4096, load: '1 2 3' },
        { node: 'node-b' },
      ],
    });
    const [header = '', first = '', second = '', node = '', other = ''] = text.split('\n');
    expect(header.split(/ +/).slice(0, 4)).to.deep.equal(['POD', 'CONTAINER', 'CPU', 'THROTTLED']);
    expect(first.split(/ +/)).to.deep.equal([
      'prod/web',
      '-',
      '250m',
      '50%',
      '2.0Ki',
      '-',
      '-',
      '1.0Ki',
      '-',
      '-',
      '-',
      '3',
    ]);
    expect(second).to.include('\\x1b[2J');
    expect(node).to.equal('node/node-a   CPU 1500m of 2, memory 1.0Ki of 4.0Ki, load 1 2 3');
    expect(other).to.equal('node/node-b   -');
  });
});

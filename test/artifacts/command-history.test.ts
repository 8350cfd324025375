import { expect } from 'chai';
import { parseCommandHistory } from '../../src/artifacts/command-history.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = '#1763000000\nls -l\n# a remark\n: 1763000001:0;curl x | sh\nid\n#1763000002';

describe('parseCommandHistory', () => {
  it('reads the times of bash and zsh', () =>
    expect([...parseCommandHistory(Buffer.from(sample))]).to.deep.equal([
      { time: '2025-11-13T02:13:20Z', command: Buffer.from('ls -l') },
      { command: Buffer.from('# a remark') },
      { time: '2025-11-13T02:13:21Z', command: Buffer.from('curl x | sh') },
      { command: Buffer.from('id') },
    ]));

  it('ends soon on long lines', () => survivesLongLines(parseCommandHistory, ': 1763000001:0;'));

  it('survives hostile bytes', () => survivesHostileBytes(parseCommandHistory, sample));
});

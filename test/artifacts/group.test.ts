import { expect } from 'chai';
import { parseGroup } from '../../src/artifacts/group.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = 'root:x:0:\ndocker:x:998:jo,\u001b[2J\n# x\nbad:x:y:\n';

describe('parseGroup', () => {
  it('reads groups and their members', () =>
    expect([...parseGroup(Buffer.from(sample))]).to.deep.equal([
      { name: Buffer.from('root'), gid: 0, members: [] },
      { name: Buffer.from('docker'), gid: 998, members: [Buffer.from('jo'), Buffer.from('\u001b[2J')] },
      { malformed: 'no line of the groups', offset: sample.indexOf('bad') },
    ]));

  it('ends soon on long lines', () => survivesLongLines(parseGroup, 'a:x:0:'));

  it('survives hostile bytes', () => survivesHostileBytes(parseGroup, sample));
});

import { expect } from 'chai';
import { programInSharedMemory } from '../../../src/findings/rules/program-in-shared-memory.ts';
import { processItems, seenBy } from '../traces-lab.ts';

describe('rule program-in-shared-memory', () => {
  it('finds one in shared memory, and doubts one in /tmp', () => {
    expect(
      seenBy(
        programInSharedMemory,
        processItems(11, { exe: '/dev/shm/.x' }),
        processItems(12, { exe: '/tmp/go-build/test' }),
      ),
    ).to.deep.equal(['high: the file that it runs lies there', 'medium: the file that it runs lies there']);
  });
  it('leaves programs of the system alone', () => {
    expect(seenBy(programInSharedMemory, processItems(11, { exe: '/usr/bin/tmp/x' }))).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { workingDirectoryThroughDescriptor } from '../../../src/findings/rules/working-directory-through-descriptor.ts';
import { seenBy, specItems, web } from '../traces-lab.ts';

describe('rule working-directory-through-descriptor', () => {
  it('finds the working directory of CVE-2024-21626', () => {
    expect(
      seenBy(workingDirectoryThroughDescriptor, specItems(web, { process: { cwd: '/proc//self/fd/7/' } })),
    ).to.deep.equal(['critical: its working directory leads through a descriptor']);
  });
  it('leaves other directories alone', () => {
    expect(
      seenBy(workingDirectoryThroughDescriptor, specItems(web, { process: { cwd: '/srv/proc/self/fd/7' } })),
    ).to.deep.equal([]);
  });
});

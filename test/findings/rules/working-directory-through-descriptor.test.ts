import { expect } from 'chai';
import { workingDirectoryThroughDescriptor } from '../../../src/findings/rules/working-directory-through-descriptor.ts';
import { podList, podObject, seenBy, specItems, web } from '../traces-lab.ts';

describe('rule working-directory-through-descriptor', () => {
  it('finds the working directory of CVE-2024-21626', () => {
    expect(
      seenBy(workingDirectoryThroughDescriptor, specItems(web, { process: { cwd: '/proc//self/fd/7/' } })),
    ).to.deep.equal(['critical: its working directory leads through a descriptor']);
  });
  const asking = (workingDir: string): Record<string, string> => ({
    'live_response/kubernetes/pods.json': podList(podObject(web, { container: { workingDir } })),
  });

  it('finds a pod that asks for one, which its runtime refused', () => {
    expect(seenBy(workingDirectoryThroughDescriptor, asking('/proc/self/fd/8'))).to.deep.equal([
      'high: its pod asks for a working directory that leads through a descriptor',
    ]);
  });
  it('tells a container that was started so once', () => {
    expect(
      seenBy(
        workingDirectoryThroughDescriptor,
        specItems(web, { process: { cwd: '/proc/self/fd/7' } }),
        asking('/proc/self/fd/7'),
      ),
    ).to.deep.equal(['critical: its working directory leads through a descriptor']);
  });
  it('leaves other directories alone', () => {
    expect(
      seenBy(
        workingDirectoryThroughDescriptor,
        specItems(web, { process: { cwd: '/srv/proc/self/fd/7' } }),
        asking('/proc'),
      ),
    ).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { parseContainerChanges } from '../../src/findings/container-changes.ts';
import { survivesHostileBytes } from '../artifacts/hostile.ts';
import { diffOf } from './traces-lab.ts';

describe('changes of containers', () => {
  it('are read from a kept comparison', () => {
    const text = diffOf(
      [{ path: '/x', change: 'added', type: 'file', flags: ['setuid', 1] }],
      [{ pid: 'x' }],
    );
    expect(parseContainerChanges(Buffer.from(text))).to.deep.equal([
      {
        namespace: 'prod',
        pod: 'web',
        container: 'main',
        changes: [{ path: '/x', change: 'added', type: 'file', flags: ['setuid'] }],
        processes: [{ pid: 0, name: '', executable: '', reason: '' }],
      },
    ]);
  });
  it('are none of another document, whatever stands in it', () => {
    expect(parseContainerChanges(Buffer.from('{"kind":"PodList"}'))).to.equal(undefined);
    survivesHostileBytes((bytes) => parseContainerChanges(bytes) ?? [], diffOf([{ path: '/x' }]));
  });
});

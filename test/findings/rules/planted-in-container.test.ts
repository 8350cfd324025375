import { expect } from 'chai';
import { plantedInContainer } from '../../../src/findings/rules/planted-in-container.ts';
import { diffOf, seenBy } from '../traces-lab.ts';

describe('rule planted-in-container', () => {
  it('finds what an intruder plants', () => {
    expect(
      seenBy(plantedInContainer, {
        'live_response/pod-diff.json': diffOf([
          { path: '/usr/bin/curl', change: 'modified', type: 'file', flags: ['mtime-spoofed', 'executable'] },
          { path: '/tmp/x', change: 'added', type: 'file', content: 'elf', flags: [] },
          { path: '/tmp/disk', change: 'added', type: 'block', flags: [] },
        ]),
      }),
    ).to.deep.equal([
      'high: its content was changed and its time put back',
      'medium: a program was brought along',
      'critical: a disk of the node was made a file of the container',
    ]);
  });
  it('leaves data alone, and what the runtime made', () => {
    expect(
      seenBy(plantedInContainer, {
        'live_response/pod-diff.json': diffOf([
          { path: '/var/log/x', change: 'added', type: 'file', flags: [] },
          { path: '/x', change: 'added', type: 'file', content: 'elf', flags: ['runtime'] },
        ]),
      }),
    ).to.deep.equal([]);
  });
});

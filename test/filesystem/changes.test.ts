import { expect } from 'chai';
import { changesOf, isRuntime, ownChanges, rawPath, timeOf } from '../../src/filesystem/changes.ts';
import { pathText } from '../../src/filesystem/path-text.ts';
import type { Change } from '../../src/filesystem/pod-diff.ts';

const added: Change = { path: '/f', change: 'added', type: 'file', flags: [] };
const made: Change = { ...added, flags: ['runtime'] };

describe('changes', () => {
  it('are counted by kind, those of the runtime apart', () => {
    const changes = changesOf([added, made, added, { ...added, change: 'deleted' }]);
    expect(changes.counts).to.deep.equal({ added: 2, deleted: 1 });
    expect([changes.runtime, ownChanges(changes)]).to.deep.equal([1, 3]);
    expect([added, made].map(isRuntime)).to.deep.equal([false, true]);
  });
  it('give back the bytes of every path', () => {
    for (const raw of ['/a', '/\xff\n', '/\xc3\xbc', '/a\\b', '/\x1b[2J'])
      expect(rawPath(pathText(raw))).to.equal(raw);
  });
  it('have the time of the entry, else the latest for its end', () => {
    expect(timeOf({ ...added, ctime: 'c', notAfter: 'n' })).to.equal('c');
    expect(timeOf({ ...added, notAfter: 'n' })).to.equal('n');
    expect(timeOf(added)).to.equal('');
  });
});

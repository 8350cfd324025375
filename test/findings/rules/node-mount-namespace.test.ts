import { expect } from 'chai';
import { nodeMountNamespace } from '../../../src/findings/rules/node-mount-namespace.ts';
import { processItems, seenBy, web } from '../traces-lab.ts';

describe('rule node-mount-namespace', () => {
  it('finds who entered the node', () => {
    expect(seenBy(nodeMountNamespace, processItems(11, { in: web, namespaces: { mnt: 100 } }))).to.deep.equal(
      ['critical: its mount namespace 100 is that of process 1 of the node'],
    );
  });
  it('doubts what a runtime had just started', () => {
    expect(
      seenBy(nodeMountNamespace, processItems(11, { in: web, namespaces: { mnt: 100 }, started: 10_000 })),
    ).to.deep.equal(['medium: its mount namespace 100 is that of process 1 of the node']);
  });
  it('does not take one for young that an old process of the container forked to look so', () => {
    const entered = { in: web, namespaces: { mnt: 100 }, started: 10_000 };
    expect(
      seenBy(
        nodeMountNamespace,
        processItems(10, { in: web }),
        processItems(11, { in: web, ppid: 10, started: 10_000 }),
        processItems(12, { ...entered, ppid: 11 }),
      ),
    ).to.deep.equal(['critical: its mount namespace 100 is that of process 1 of the node']);
  });
  it('leaves processes of the node alone', () => {
    expect(seenBy(nodeMountNamespace, processItems(11))).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { freezePod, thawPod } from '../../src/containment/freezer.ts';
import { failureOf } from '../support/failure.ts';
import { fakeNode } from './fake-node.ts';
import { uid } from './subjects.ts';

const { signal } = new AbortController();
const answering = (exitCode: number, stdout = ''): ReturnType<typeof fakeNode> =>
  fakeNode([], () => ({ exitCode, stdout: Buffer.from(stdout), stderr: 'no' }));

describe('the freezer of a pod', () => {
  it('names the process that thaws, or why there is none', async () => {
    const { collector, calls } = answering(0, 'frozen 4711\n');
    expect(await freezePod(collector, uid, 9, signal)).to.deep.equal({ thawer: '4711' });
    expect(calls.map(({ script, args }) => [script, ...args])).to.deep.equal([
      ['freeze', 'freeze', uid, '9'],
    ]);
    for (const exitCode of [3, 4, 5, 6])
      expect(await freezePod(answering(exitCode).collector, uid, 9, signal)).to.have.property('why');
    expect((await failureOf(freezePod(answering(1).collector, uid, 9, signal))).message).to.match(
      /^cannot freeze the pod on node node-a: no/,
    );
    expect((await failureOf(freezePod(collector, 'x; reboot', 9, signal))).message).to.match(/no uid/);
  });

  it('tells a thaw of ours from a freeze that was over, and from one of somebody else', async () => {
    const outcomes = [];
    for (const [exitCode, said] of [
      [0, 'thawed\n'],
      [0, 'left\n'],
      [0, ''],
      [3, ''],
      [4, ''],
    ] as const)
      outcomes.push(await thawPod(answering(exitCode, said).collector, uid, signal));
    expect(outcomes).to.deep.equal(['thawed', 'left', 'over', 'no cgroup', 'not ours']);
    expect((await failureOf(thawPod(answering(6).collector, uid, signal))).message).to.match(/^cannot thaw/);
  });
});

import { expect } from 'chai';
import { performFreeze, planFreeze, undoFreeze } from '../../../src/containment/acts/freeze.ts';
import { ContainmentLab } from '../containment-lab.ts';
import { fakeNode } from '../fake-node.ts';
import { shopPod, shopSubject, uid } from '../subjects.ts';
import { performing, refusal, undoing } from './acts-lab.ts';

const answering = (exitCode: number, stdout = ''): ReturnType<typeof fakeNode> =>
  fakeNode([], () => ({ exitCode, stdout: Buffer.from(stdout), stderr: 'no' }));
/** A probe every 5 s x 3: 9 s, for the first may come at once. */
const slow = shopSubject(
  shopPod({
    spec: {
      containers: [
        { name: 'web', image: 'i', livenessProbe: { exec: { command: ['x'] }, periodSeconds: 5 } },
      ],
    },
  }),
);

describe('freeze', () => {
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('is planned for less time than a probe needs to restart a container', () => {
    expect(planFreeze(slow)).to.include({ seconds: 9 });
    expect(planFreeze(slow).summary).to.match(/^every process of the pod stopped, for 9 s at most/);
  });

  it('has no time in a container that is not ready: its probes may have failed before', () => {
    const unready = planFreeze({ ...slow, faltering: ['web'] });
    expect(unready).to.include({
      seconds: 0,
      summary: 'no time to stop it in: web is not ready, so that its probes may be failing already',
    });
    expect(planFreeze({ ...slow, faltering: ['other'] })).to.include({ seconds: 9 });
  });

  it('says what stands, until when, and which process ends it', async () => {
    const standing: string[] = [];
    const { collector, calls } = answering(0, 'frozen 4711\n');
    const done = await performFreeze(planFreeze(slow), performing(lab, collector, standing));
    expect(done.outcome).to.equal('done');
    expect(done.detail).to.equal(
      'until 2026-11-22T04:15:09.000Z at the latest; process 4711 of ours, ir-thaw in the root cgroup of node-a, then lets it go on and ends',
    );
    expect(standing).to.deep.equal([`the freeze of the pod, ${done.detail}`]);
    expect(calls.map((call) => [call.script, ...call.args])).to.deep.equal([['freeze', 'freeze', uid, '9']]);
  });

  it('is not placed where there is no time, no freezer or no way out of the collector, and says why', async () => {
    const { collector, calls } = answering(0);
    const at = performing(lab, collector);
    expect(await performFreeze({ ...planFreeze(slow), seconds: 0 }, at)).to.include({
      outcome: 'not placed',
    });
    expect(calls).to.deep.equal([]);
    for (const exitCode of [3, 4, 5, 6]) {
      const standing: string[] = [];
      const done = await performFreeze(
        planFreeze(slow),
        performing(lab, answering(exitCode).collector, standing),
      );
      expect([done.outcome, standing]).to.deep.equal(['not placed', []]);
    }
    expect(await refusal(performFreeze(planFreeze(slow), performing(lab, answering(1).collector)))).to.match(
      /^cannot freeze the pod on node node-a: no/,
    );
  });

  it("is undone when it is still ours, and left alone when it is somebody else's", async () => {
    const { collector, calls } = answering(0);
    expect(await undoFreeze(undoing(lab, collector))).to.equal('the pod is not frozen');
    expect(calls[0]?.args).to.deep.equal(['thaw', uid]);
    expect(await undoFreeze(undoing(lab, answering(3).collector))).to.match(/^no cgroup of the pod is left/);
    expect(await refusal(undoFreeze(undoing(lab, answering(4).collector)))).to.match(/not by us/);
    const left = answering(0, 'left\n');
    expect(await undoFreeze(undoing(lab, left.collector, 'done x'))).to.match(
      /^the pod goes on; the process/,
    );
    await undoFreeze(undoing(lab, left.collector, 'not placed x'));
    expect(left.calls.map(({ args }) => args)).to.deep.equal([
      ['thaw', uid, 'ours'],
      ['thaw', uid],
    ]);
    expect(await refusal(undoFreeze(undoing(lab, answering(6).collector)))).to.match(/^cannot thaw the pod/);
  });
});

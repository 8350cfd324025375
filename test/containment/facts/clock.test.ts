import { expect } from 'chai';
import type { Job, Node } from '../../../src/cluster/objects.ts';
import { clockTexts, evidenceClock } from '../../../src/containment/facts/clock.ts';
import { aNode } from '../../fake-api/builders.ts';
import { shopPod } from '../subjects.ts';

const now = new Date('2026-11-22T04:10:00Z');
const started = '2026-11-22T04:00:00Z';
const around = { node: aNode('node-a'), job: undefined, autoscalers: [] };

function unready(status: string): Node {
  const node = aNode('node-a');
  const condition = { type: 'Ready', status, lastTransitionTime: '2026-11-22T04:08:00Z' };
  return { ...node, status: { ...node.status, conditions: [condition] } };
}

describe('evidenceClock', () => {
  it('knows the restart of a probed pod and nothing else of an ordinary one', () => {
    expect(evidenceClock(shopPod(), around, now)).to.deep.equal({
      restart: 6,
      autoscalers: [],
      pressure: [],
    });
  });

  it('takes the nearest deadline of pod and Job, and never a negative one', () => {
    const pod = shopPod({ spec: { containers: [], activeDeadlineSeconds: 1_000 } });
    const status = { phase: 'Running', startTime: started };
    const job = {
      spec: { activeDeadlineSeconds: 700, ttlSecondsAfterFinished: 60 },
      status: { startTime: started },
    } as Job;
    expect(evidenceClock({ ...pod, status }, { ...around, job }, now)).to.deep.include({
      deadline: 100,
      afterFinish: 60,
    });
    const past = { ...job, spec: { activeDeadlineSeconds: 5 } } as Job;
    expect(evidenceClock({ ...pod, status }, { ...around, job: past }, now).deadline).to.equal(0);
  });

  it('counts what is left on a node that is not ready, by what the pod tolerates', () => {
    const toleration = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute', tolerationSeconds: 300 };
    const pod = shopPod({ spec: { containers: [], tolerations: [toleration] } });
    const lost = (status: string): number | undefined =>
      evidenceClock(pod, { ...around, node: unready(status) }, now).nodeLost;
    expect(lost('False')).to.equal(180);
    expect(lost('Unknown')).to.equal(0);
    const forever = shopPod({ spec: { containers: [], tolerations: [{ operator: 'Exists' }] } });
    expect(evidenceClock(forever, { ...around, node: unready('False') }, now)).not.to.have.property(
      'nodeLost',
    );
  });

  it('says everything in words', () => {
    const node = aNode('node-a');
    const conditions = [{ type: 'DiskPressure', status: 'True' }];
    const pod = { ...shopPod(), status: { phase: 'Running', qosClass: 'BestEffort' } };
    const clock = evidenceClock(
      pod,
      { ...around, node: { ...node, status: { conditions } }, autoscalers: ['shop'] },
      now,
    );
    expect(clockTexts({ ...clock, deadline: 5, afterFinish: 60, nodeLost: 7 })).to.deep.equal([
      'a deadline ends it in 5s',
      'its job and its pods are deleted 60s after the job has finished',
      'its node is not ready: it is deleted in 7s',
      'autoscaler shop may remove pods of its owner',
      'its node is under DiskPressure: the kubelet may evict it at any time',
      'it has no requests: the kubelet evicts it first under pressure',
      'logs rotate at 10Mi and 5 files unless the kubelet says otherwise',
      'an application may exit by itself when its connections die',
    ]);
  });
});

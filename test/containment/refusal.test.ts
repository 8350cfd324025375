import { expect } from 'chai';
import type { Pod } from '../../src/cluster/objects.ts';
import { buildPlan } from '../../src/containment/plan.ts';
import { refuseStops, refuseUnfit } from '../../src/containment/refusal.ts';
import { OperationError } from '../../src/output/errors.ts';
import { aNode, aPod } from '../fake-api/builders.ts';
import { shopProspect } from './subjects.ts';

describe('refuseUnfit', () => {
  const base = aPod('web');
  const cases: readonly [string, Pod, RegExp][] = [
    [
      'hostNetwork',
      { ...base, spec: { ...base.spec, hostNetwork: true, containers: [], nodeName: 'node-a' } },
      /cutting it would cut the node/,
    ],
    [
      'static',
      { ...base, metadata: { ...base.metadata, annotations: { 'kubernetes.io/config.mirror': 'x' } } },
      /static pod/,
    ],
    ['Windows', { ...base, spec: { nodeName: 'w', containers: [], os: { name: 'windows' } } }, /Windows/],
    ['pending', { ...base, status: { phase: 'Pending' } }, /not running \(Pending\)/],
    ['unscheduled', { ...base, spec: { containers: [] } }, /not running/],
    [
      'being deleted',
      { ...base, metadata: { ...base.metadata, deletionTimestamp: '2026-11-22T04:00:00Z' } },
      /being deleted/,
    ],
  ];
  for (const [name, pod, message] of cases)
    it(`refuses a pod that is ${name}, with advice`, () => {
      try {
        refuseUnfit(pod, aNode('node-a'));
        expect.fail('not refused');
      } catch (error) {
        expect(error).to.be.instanceOf(OperationError).with.property('message').that.matches(message);
        expect(error).to.have.property('advice').that.is.a('string');
      }
    });

  it('lets an ordinary pod pass, and one whose init container runs: it has its network', () => {
    refuseUnfit(base, aNode('node-a'));
    const state = { running: { startedAt: '2026-11-22T04:00:00Z' } };
    const init = { name: 'init', image: '', imageID: '', ready: false, restartCount: 0 };
    const starting = (one: object): Pod => ({
      ...base,
      status: { phase: 'Pending', initContainerStatuses: [{ ...init, state: one }] },
    });
    refuseUnfit(starting(state), aNode('node-a'));
    expect(() => refuseUnfit(starting({ waiting: {} }), aNode('node-a'))).to.throw(/not running/);
  });
});

describe('refuseStops', () => {
  const plan = buildPlan(shopProspect());

  it('wants a reason where more than the pod would stop', () => {
    const stops = { ...plan, stops: ['writes of pods stop'] };
    for (const reason of [undefined, '', ' '])
      expect(() => refuseStops(stops, reason)).to.throw(
        OperationError,
        'should not be cut: writes of pods stop',
      );
    refuseStops(stops, 'ransomware');
    refuseStops(plan, undefined);
  });
});

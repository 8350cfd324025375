import { expect } from 'chai';
import type { HorizontalPodAutoscaler, PodDisruptionBudget } from '../../../src/cluster/objects.ts';
import { autoscalersOf, budgetsOf } from '../../../src/containment/facts/disruption.ts';
import { shopSubject } from '../subjects.ts';

describe('disruption', () => {
  it('knows the budgets that select the pod; none selects without a selector', () => {
    const budget = (name: string, selector?: object): PodDisruptionBudget => ({
      metadata: { name },
      spec: selector === undefined ? {} : { selector },
    });
    expect(
      budgetsOf({ app: 'shop' }, [
        budget('own', { matchLabels: { app: 'shop' } }),
        budget('all', {}),
        budget('other', { matchLabels: { app: 'x' } }),
        budget('none'),
      ]),
    ).to.deep.equal(['own', 'all']);
  });

  it('knows the autoscalers of the owner and of what is above it', () => {
    const scaler = (name: string, kind: string, target: string): HorizontalPodAutoscaler => ({
      metadata: { name },
      spec: { maxReplicas: 3, scaleTargetRef: { kind, name: target } },
    });
    const all = [
      scaler('a', 'Deployment', 'shop'),
      scaler('b', 'ReplicaSet', 'shop-1'),
      scaler('c', 'Deployment', 'x'),
    ];
    expect(autoscalersOf(shopSubject().owner, all)).to.deep.equal(['a', 'b']);
    expect(autoscalersOf(undefined, all)).to.deep.equal([]);
  });
});

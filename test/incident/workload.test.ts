import { expect } from 'chai';
import { type OwnedPod, topController, workloadName } from '../../src/incident/workload.ts';

const shop: OwnedPod = {
  namespace: 'prod',
  name: 'shop-6556d99f86-xlvnc',
  controller: { kind: 'ReplicaSet', name: 'shop-6556d99f86' },
  labels: { app: 'shop', 'pod-template-hash': '6556d99f86' },
};
const above = new Map([['ReplicaSet/shop-6556d99f86', { kind: 'Deployment', name: 'shop' }]]);

describe('topController', () => {
  it('goes up to the last one', () => {
    expect(topController(shop, above)).to.deep.equal({ kind: 'Deployment', name: 'shop' });
    const run = { ...shop, labels: {}, controller: { kind: 'Job', name: 'report-1' } };
    const jobs = new Map([['Job/report-1', { kind: 'CronJob', name: 'report' }]]);
    expect(topController(run, jobs)).to.deep.equal({ kind: 'CronJob', name: 'report' });
  });

  it('tells the Deployment of a ReplicaSet that is gone by its name and the hash that it put on its pods', () => {
    expect(topController(shop, new Map())).to.deep.equal({ kind: 'Deployment', name: 'shop' });
    const own = { ...shop, labels: { 'pod-template-hash': 'f00' } };
    expect(topController(own, new Map())).to.deep.equal(shop.controller);
    expect(topController({ ...shop, labels: {} }, new Map())).to.deep.equal(shop.controller);
  });

  it('ends in a circle of owners', () => {
    const circle = new Map([
      ['Job/a', { kind: 'Job', name: 'b' }],
      ['Job/b', { kind: 'Job', name: 'a' }],
    ]);
    const pod = { ...shop, labels: {}, controller: { kind: 'Job', name: 'a' } };
    expect(topController(pod, circle)).to.deep.equal({ kind: 'Job', name: 'a' });
  });
});

describe('workloadName', () => {
  it('is the same for pods that take each other’s place, and for a pod of its own its name', () => {
    const later = {
      ...shop,
      name: 'shop-77-a',
      controller: { kind: 'ReplicaSet', name: 'shop-77' },
      labels: { 'pod-template-hash': '77' },
    };
    expect(workloadName(later, new Map()))
      .to.equal(workloadName(shop, above))
      .and.to.equal('prod/deployment/shop');
    expect(workloadName({ namespace: 'prod', name: 'web', labels: {} }, above)).to.equal('prod/pod/web');
  });
});

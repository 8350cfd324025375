import { expect } from 'chai';
import { controllerEvents } from '../../../src/incident/change/controller-events.ts';
import { at } from './change-lab.ts';

const about = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prod', name: 'web' };

describe('controllerEvents', () => {
  it('tell what controllers did, in both versions of the API', () => {
    const made = controllerEvents([
      {
        involvedObject: about,
        reason: 'ScalingReplicaSet',
        message: 'up \u001b[2J',
        lastTimestamp: at(5),
        source: { component: 'deployment-controller' },
      },
      { regarding: about, reason: 'SuccessfulRescale', note: 'n', eventTime: at(6) },
    ]);
    expect(made.map(({ time, what, claims }) => [time, what, claims])).to.deep.equal([
      [at(5), 'ScalingReplicaSet: up \u001b[2J', 'deployment-controller'],
      [at(6), 'SuccessfulRescale: n', undefined],
    ]);
    expect(made.every(({ consequence }) => consequence)).to.equal(true);
  });

  it('leave out all others, and what is no event', () => {
    expect(
      controllerEvents([
        {},
        { involvedObject: about, reason: 'Pulled', lastTimestamp: at(5) },
        { involvedObject: about, reason: 'Evicted' },
        { involvedObject: 'x', reason: 'Evicted', lastTimestamp: at(5) },
        { involvedObject: about, reason: ['Evicted'], lastTimestamp: at(5) },
      ]),
    ).to.deep.equal([]);
  });
});

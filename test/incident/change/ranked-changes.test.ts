import { expect } from 'chai';
import { change, type ConfigurationChange } from '../../../src/incident/change/change.ts';
import { releaseObject } from '../../../src/incident/change/helm-releases.ts';
import type { Level } from '../../../src/incident/change/nearness.ts';
import { rankedChanges } from '../../../src/incident/change/ranked-changes.ts';
import { at } from './change-lab.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prod', name: 'web' };
const release = releaseObject('prod', 'shop');

function near(
  level: Level,
  what: string,
  minutes: number,
  more: Partial<ConfigurationChange> = {},
): Parameters<typeof rankedChanges>[0][number] {
  const made = change({ time: at(minutes), source: 'object', object: web, action: 'changed', what, ...more });
  return { change: made, near: { level, reason: level } };
}

function order(...changes: Parameters<typeof rankedChanges>[0]): string[] {
  return rankedChanges(changes, at(20), () => release).map(({ change: { what } }) => what);
}

describe('rankedChanges', () => {
  it('put the nearest first, then what somebody did, then the latest', () => {
    expect(
      order(
        near('cluster', 'far', 19),
        near('own', 'old', 1),
        near('own', 'controller', 18, { consequence: true }),
        near('own', 'new', 2),
        near('account', 'rights', 19),
        near('beginning', 'made', 0),
        near('policy', 'policy', 3),
      ),
    ).to.deep.equal(['new', 'old', 'rights', 'policy', 'made', 'controller', 'far']);
  });

  it('put a Helm upgrade before the rollout that it caused, and after later ones', () => {
    const upgrade = near('own', 'upgrade', 5, { source: 'helm', object: release });
    const caused = near('own', 'caused', 6, { source: 'rollout' });
    expect(order(caused, upgrade)).to.deep.equal(['upgrade', 'caused']);
    expect(order(near('own', 'later', 8, { source: 'rollout' }), caused, upgrade)).to.deep.equal([
      ...['later', 'upgrade', 'caused'],
    ]);
    expect(order(near('own', 'other', 15, { source: 'rollout' }), upgrade)).to.deep.equal([
      'other',
      'upgrade',
    ]);
  });

  it('say why', () => {
    const reasons = rankedChanges(
      [near('own', '', 10, { atLatest: true, consequence: true }), near('own', '', 21)],
      at(20),
      () => undefined,
    ).map(({ reason }) => reason);
    expect(reasons).to.deep.equal([
      'own; 1m after',
      'own; 10m before, or more; done by a controller, as it seems',
    ]);
  });
});

import { expect } from 'chai';
import { rolesOf, warningsOf } from '../../src/containment/stops.ts';
import { shopProspect } from './subjects.ts';

const { subject, outlook } = shopProspect();
const hook = { service: 'shop', what: 'validatingwebhookconfiguration/guard (a)', stops: 'writes of pods' };
const last = { ...subject, services: [{ name: 'shop', selector: {}, readyElsewhere: 0 }] };

describe('rolesOf', () => {
  it('finds no role in an ordinary pod', () => {
    expect(rolesOf(subject, outlook)).to.deep.equal({ stops: [], serves: [] });
  });

  it('stops at a webhook that nobody else answers for, and not where others do', () => {
    const served = { ...outlook, served: [hook] };
    expect(rolesOf(last, served).stops).to.deep.equal([
      'it answers for validatingwebhookconfiguration/guard (a) through service/shop alone: writes of pods stop until a replacement is ready',
    ]);
    expect(rolesOf(subject, served)).to.deep.equal({
      stops: [],
      serves: [
        'it answers for validatingwebhookconfiguration/guard (a) through service/shop; 1 other answer',
      ],
    });
  });

  it('stops where the Service keeps the pod, or where it was not looked whether others answer', () => {
    const kept = { ...outlook, served: [hook], aside: { ...outlook.aside, services: ['shop'] } };
    expect(rolesOf(subject, kept).stops[0]).to.match(/which keeps it: writes of pods fail or wait$/);
    const blind = {
      ...outlook,
      served: [hook],
      gaps: ['endpointslices in namespace x: you may not list them'],
    };
    expect(rolesOf(subject, blind).stops[0]).to.match(/was not looked at: writes of pods may stop$/);
  });

  it('only tells of what the API server goes on without, and of parts of the cluster by what they carry', () => {
    const ignored = { service: hook.service, what: hook.what };
    const components = [
      { name: 'cluster DNS', effect: 'names', stops: false },
      { name: 'konnectivity agent', effect: 'exec', stops: true },
    ];
    const roles = rolesOf(last, { ...outlook, served: [ignored], components });
    expect(roles.stops).to.deep.equal(['it is part of the cluster: konnectivity agent; exec']);
    expect(roles.serves).to.have.length(2);
  });
});

describe('warningsOf', () => {
  it('tells of policies, adopters, and of what --detach would do', () => {
    const aside = {
      ...outlook.aside,
      leaves: false,
      services: ['shop'],
      policies: ['networkpolicy/open'],
      avoided: ['replicaset/a'],
      adopter: 'replicaset/b',
    };
    const hindrances = { prevent: ['its name'], limit: [] };
    const warnings = warningsOf(subject, { ...outlook, aside, hindrances, budgets: ['shop'] });
    expect(warnings).to.have.length(5);
    expect(warnings[0]).to.match(/^networkpolicy\/open allows traffic/);
    expect(warnings[3]).to.match(
      /--detach takes it out of service\/shop and from its owner, with no replacement: its name$/,
    );
    expect(warningsOf(subject, outlook)).to.deep.equal([]);
  });
});

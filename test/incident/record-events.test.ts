import { expect } from 'chai';
import { eventsOfRecord, hasEvents, podOfLog } from '../../src/incident/record-events.ts';
import { placeAt } from './places.ts';

describe('eventsOfRecord', () => {
  it('has events of formats with times, and none of others', () => {
    expect(hasEvents('syslog') && hasEvents('wtmpdb')).to.equal(true);
    expect([hasEvents('passwd'), hasEvents('process'), hasEvents(undefined)]).to.deep.equal([
      false,
      false,
      false,
    ]);
    expect([...eventsOfRecord('passwd', {}, placeAt())]).to.deep.equal([]);
  });
});

describe('podOfLog', () => {
  it('reads pod and container from the place of a log', () => {
    expect(podOfLog('[root]/var/log/pods/prod_shop-7b_9e1b/web/0.log.20261122-041500.gz')).to.deep.equal({
      pod: 'prod/shop-7b',
      container: 'web',
      uid: '9e1b',
    });
    expect(podOfLog(`[root]/var/lib/docker/containers/${'ab'.repeat(32)}/x-json.log`)).to.deep.equal({
      container: 'abababababab',
    });
    expect(podOfLog('[root]/var/log/syslog')).to.deep.equal({});
    expect(podOfLog('[root]/var/log/pods/a_b/../web/0.log')).to.deep.equal({});
  });
});

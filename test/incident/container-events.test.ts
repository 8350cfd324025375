import { expect } from 'chai';
import type { ContainerRecord } from '../../src/artifacts/container-record.ts';
import { parseDockerRecord } from '../../src/artifacts/docker-container.ts';
import { containerEvents } from '../../src/incident/container-events.ts';
import { ofDocker } from '../artifacts/runtimes.ts';
import { placeAt } from './places.ts';

function eventsOf(name: string): string[] {
  const { config, path } = ofDocker(name);
  const [record] = [...parseDockerRecord(config, path)];
  return [...containerEvents(record as ContainerRecord, placeAt())].map(
    ({ time, what, message, pod = '-', container = '' }) => `${time} ${what} ${pod} ${container} ${message}`,
  );
}

describe('containerEvents', () => {
  it('say when a container was made, started and ended', () => {
    expect(eventsOf('failed')).to.deep.equal([
      '2026-11-26T10:01:49.640698704Z Creation Time - failed container made (failed, lab:1): sh -c exit 3',
      '2026-11-26T10:01:49.812751438Z Start Time - failed container started (failed, lab:1): sh -c exit 3',
      '2026-11-26T10:01:49.81492511Z End Time - failed container ended with 3 (failed, lab:1)',
    ]);
    expect(eventsOf('pod')[1]).to.match(/^\S+ Start Time prod\/web-0 web container started \(web, lab:1\)/);
    expect(eventsOf('never')).to.have.length(1);
  });

  it('are one printable line each, whatever a container is called', () => {
    const record = { id: 'x', name: 'a\u001b[2J\nb', args: ['\u0007'], created: '2026-11-22T04:12:07Z' };
    const [event] = [...containerEvents(record, placeAt())];
    expect(JSON.stringify(event)).not.to.match(/\\u001b|\\n|\\u0007/);
  });
});

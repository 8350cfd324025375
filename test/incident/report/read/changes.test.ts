import { expect } from 'chai';
import { ChangeReading, placeKey } from '../../../../src/incident/report/read/changes.ts';

describe('ChangeReading', () => {
  it('has the first changes of each container, and what the runtime made apart', () => {
    const reading = new ChangeReading('acquisition-1', 'ir-1');
    reading.add({ kind: 'change', change: { path: '/lost' } });
    reading.add({ kind: 'pod', pod: { namespace: 'prod', name: 'web' } });
    reading.add({
      kind: 'container',
      container: {
        name: 'main',
        id: 'c0ffee',
        image: 'shop:1',
        blind: ['a layer', { what: 'b', why: 'c' }],
        summary: { complete: true },
        processes: [{ pid: 7, name: 'sh', executable: '/tmp/sh', reason: 'deleted', started: 't' }],
      },
    });
    for (let i = 0; i < 250; i += 1)
      reading.add({ kind: 'change', change: { path: `/${i}`, change: 'added', flags: [] } });
    reading.add({ kind: 'change', change: { path: '/etc/hosts', flags: ['runtime'] } });
    const [container] = reading.containers;
    expect(container).to.deep.include({
      pod: 'web',
      container: 'main',
      id: 'c0ffee',
      complete: true,
      byRuntime: 1,
      blind: ['a layer', 'b: c'],
    });
    expect([container?.changes.items.length, container?.changes.total]).to.deep.equal([200, 250]);
    expect([...reading.runtime]).to.deep.equal([placeKey('prod/web', 'main', '/etc/hosts')]);
  });
});

import { expect } from 'chai';
import { openAcquisitions } from '../../src/evidence/exhibits.ts';
import { type CaseRecords, readCase } from '../../src/subcommands/changes-case.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { anObject, deployment, podOf, replicaSet } from '../incident/change/change-lab.ts';
import { damageItem, type Planted, timelineCase } from './timeline-lab.ts';

function inCase(
  test: (found: CaseRecords) => void,
  acquisitions: readonly Planted[],
  damage?: string,
): Promise<void> {
  return inSandbox(async (dir) => {
    await timelineCase(dir, ...acquisitions);
    if (damage !== undefined) await damageItem(dir, damage);
    test(await readCase(await openAcquisitions(dir)));
  });
}

const place = 'live_response/kubernetes';
const item = (name: string, object: unknown): Planted['items'] => ({
  [`${place}/${name}.json`]: JSON.stringify(object),
});
const listOf = (kind: string, items: readonly unknown[]): object => ({
  apiVersion: 'v1',
  kind: `${kind}List`,
  items,
});

const nameIn = (metadata: unknown): unknown => (metadata as { name?: string }).name;

describe('readCase', () => {
  it('is about the pod that the case was opened for, where that is on its node', () =>
    inSandbox(async (dir) => {
      const pods = listOf('Pod', [podOf(2, 'web-2-x'), podOf(2, 'other')]);
      await timelineCase(dir, { items: item('pods', pods) });
      const acquisitions = await openAcquisitions(dir);
      const namesOf = async (target?: string): Promise<unknown[]> =>
        (await readCase(acquisitions, target)).records.pods.map(({ metadata }) => metadata).map(nameIn);
      expect(await namesOf('web-2-x')).to.deep.equal(['web-2-x']);
      expect(await namesOf('node-a')).to.have.members(['web-2-x', 'other']);
      expect(await namesOf()).to.have.members(['web-2-x', 'other']);
    }));

  it('reads objects and lists, the latest state of each, and the pod that it is about', () =>
    inCase(
      ({ records, notSeen, logs }) => {
        expect(records.pods).to.have.length(1);
        expect(records.siblings).to.have.length(2);
        expect(records.owners.map(({ kind }) => kind)).to.deep.equal([
          'Deployment',
          'ReplicaSet',
          'ReplicaSet',
        ]);
        expect(records.owners[0]?.['spec']).to.deep.equal({ paused: true });
        expect(records.revisions).to.have.length(2);
        expect(logs.map(({ item: log }) => log.name)).to.deep.equal([
          '[root]/var/log/kubernetes/audit.log',
          '[root]/srv/audit.json',
        ]);
        expect(notSeen)
          .to.include('events: not in the case')
          .and.not.include('earlier revisions of the owners: not in the case');
      },
      [
        {
          items: { ...item('deployments/web', deployment()), ...item('replicasets/web-1', replicaSet(1, 0)) },
        },
        {
          kind: 'pod',
          items: {
            ...item('deployments/web', deployment({ spec: { paused: true } })),
            ...item('replicasets/web-2', replicaSet(2, 5)),
            ...item('pods/web-2-x', podOf(2, 'web-2-x')),
            ...item('pods-2', listOf('Pod', [{ metadata: { name: 'y', namespace: 'prod' } }, 7, {}])),
            ...item('secrets/s', anObject('v1', 'Secret', 's')),
            '[root]/var/log/kubernetes/audit.log': '{}\n',
            '[root]/srv/audit.json': '{}\n',
            '[root]/srv/other.json': '{}\n',
          },
          marks: { '[root]/srv/audit.json': 'api-audit' },
        },
      ],
    ));

  it('takes the pods of a node where no pod was collected', () =>
    inCase(
      ({ records }) => expect(records.pods).to.have.length(1),
      [{ items: item('pods', listOf('Pod', [podOf(1, 'web-1-x')])) }],
    ));

  it('names what is no object, and what is not what was collected', async () => {
    const hostile = { [`${place}/networkpolicies.json`]: 'no json', ...item('roles/../../x', [1]) };
    await inCase(
      ({ notSeen, records }) => {
        expect(notSeen).to.include(`${place}/networkpolicies.json: no object of the API`);
        expect(records.objects).to.deep.equal([]);
      },
      [{ items: hostile }],
    );
    await inCase(
      ({ damaged }) => expect(damaged[0]).to.contain('is not what was collected'),
      [{ items: item('events', listOf('Event', [])) }],
      `${place}/events.json`,
    );
  });
});

import { expect } from 'chai';
import { findKind } from '../../src/artifacts/kinds.ts';
import { type Bill, bomOf } from '../../src/evidence/bom.ts';
import { type Exhibit, exhibitsOf, openAcquisitions } from '../../src/evidence/exhibits.ts';
import { failureOf } from '../support/failure.ts';
import { caseWith, type Content } from './evidence-lab.ts';
import { inSandbox } from './sandbox.ts';

async function bom(...nodes: readonly Readonly<Record<string, Content>>[]): Promise<object> {
  return bomOfKind('packages', ...nodes);
}

async function bomOfKind(
  name: string,
  ...nodes: readonly Readonly<Record<string, Content>>[]
): Promise<object> {
  return (await billOf(name, ...nodes)).bill;
}

function billOf(name: string, ...nodes: readonly Readonly<Record<string, Content>>[]): Promise<Bill> {
  return inSandbox(async (dir) => {
    await caseWith(dir, ...nodes);
    const acquisitions = await openAcquisitions(dir);
    const kind = findKind(name);
    if (kind === undefined) throw new Error('no such kind');
    const all = async function* (): AsyncGenerator<Exhibit> {
      for (const { name: acquisition, reader } of acquisitions)
        yield* exhibitsOf(kind, acquisition, reader, { gaps: [], malformed: [] });
    };
    return bomOf(acquisitions, all());
  });
}

describe('bomOf', () => {
  it('is of the newest acquisition that has packages, with its own system', async () => {
    const made = await bom(
      { '[root]/var/lib/dpkg/status': 'Package: old\nVersion: 1\n' },
      {
        '[root]/etc/os-release': { target: '../usr/lib/os-release' },
        '[root]/usr/lib/os-release': 'ID=debian\nVERSION_ID="12"\n',
        '[root]/var/lib/dpkg/status': 'Package: libc6\nVersion: 2.36-9\nArchitecture: amd64\nbad\n',
      },
      { '[root]/etc/motd': 'x' },
    );
    expect(made).to.have.nested.property('metadata.component.name', 'node-b');
    expect(made).to.have.nested.property(
      'components[1].purl',
      'pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12',
    );
    expect(made).to.have.property('components').with.length(2);
  });

  it('says which nodes of the case are not in it', async () => {
    const status = (name: string): Record<string, string> => ({
      '[root]/var/lib/dpkg/status': `Package: ${name}\nVersion: 1\n`,
    });
    const { leftOut } = await billOf('packages', status('a'), { '[root]/etc/motd': 'x' }, status('c'));
    expect(leftOut).to.deep.equal(['node-a']);
  });

  it('is of each container with its own system, and not of the node', async () => {
    const items = {
      '[root]/var/lib/dpkg/status': 'Package: of-the-node\nVersion: 1\n',
      'live_response/containers/b1/root/etc/os-release': 'ID=alpine\nVERSION_ID=3.20\n',
      'live_response/containers/b1/root/lib/apk/db/installed': 'P:musl\nV:1.2.5-r0\nA:x86_64\nF:lib\n\n',
      'live_response/containers/a1/root/var/lib/dpkg/status':
        'Package: libc6\nVersion: 2.36-9\nArchitecture: amd64\n',
    };
    const made = await bomOfKind('container-packages', items);
    expect(made).to.have.nested.property('metadata.component.name', 'node-a');
    expect(made).to.have.property('components').with.length(2);
    expect(made).to.have.nested.property('components[0].name', 'a1');
    expect(made).to.have.nested.property(
      'components[0].components[1].bom-ref',
      'a1/pkg:deb/linux/libc6@2.36-9?arch=amd64&distro=linux',
    );
    expect(made).to.have.nested.property(
      'components[1].components[1].purl',
      'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20',
    );
    expect(JSON.stringify(await bomOfKind('packages', items)))
      .to.include('of-the-node')
      .and.not.include('musl');
  });

  it('is none when there are no packages', async () => {
    const error = await failureOf(bom({ '[root]/etc/motd': 'x' }));
    expect(error).to.include({
      message: 'the case holds no packages',
      advice: 'collect them with: kubectl ir snapshot node NODE --profile packages --case CASE',
    });
  });
});

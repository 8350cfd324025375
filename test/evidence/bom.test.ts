import { expect } from 'chai';
import { findKind } from '../../src/artifacts/kinds.ts';
import { bomOf } from '../../src/evidence/bom.ts';
import { type Exhibit, exhibitsOf, openAcquisitions } from '../../src/evidence/exhibits.ts';
import { failureOf } from '../support/failure.ts';
import { caseWith, type Content } from './evidence-lab.ts';
import { inSandbox } from './sandbox.ts';

function bom(...nodes: readonly Readonly<Record<string, Content>>[]): Promise<object> {
  return inSandbox(async (dir) => {
    await caseWith(dir, ...nodes);
    const acquisitions = await openAcquisitions(dir);
    const kind = findKind('packages');
    if (kind === undefined) throw new Error('no such kind');
    const all = async function* (): AsyncGenerator<Exhibit> {
      for (const { name, reader } of acquisitions)
        yield* exhibitsOf(kind, name, reader, { gaps: [], malformed: [] });
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

  it('is none when there are no packages', async () => {
    const error = await failureOf(bom({ '[root]/etc/motd': 'x' }));
    expect(error.message).to.equal('the case holds no packages');
  });
});

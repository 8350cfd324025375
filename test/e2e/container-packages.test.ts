import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { kubectl, kubectlIr, nodeNames } from './support/world.ts';

const namespace = 'e2e-packages';
/** What package managers leave in an image; images of the test cluster have none. */
const install = `
mkdir -p /lib/apk/db /var/lib
printf 'P:musl\\nV:1.2.5-r0\\nA:x86_64\\n\\n' >/lib/apk/db/installed
printf 'ID=alpine\\nVERSION_ID=3.20\\n' >/etc/os-release
ln -s /etc /var/lib/dpkg; echo 'Package: never' >/etc/status`;

interface Packages {
  readonly items: readonly { readonly name: string; readonly container: string }[];
}
interface Bill {
  readonly components: readonly {
    readonly name: string;
    readonly components: readonly { purl?: string }[];
  }[];
}

const nodes = await nodeNames();

describe('packages of containers', function () {
  requires(this, image('collector'), image('toolbox'));
  this.timeout(180_000);
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-packages-'));
    await createNamespace(namespace);
    const pods = nodes.map((node) =>
      pod(node, { image: imageOf('toolbox'), node, command: ['sleep', '100000'] }),
    );
    await apply(namespace, pods);
    await untilReady(namespace);
    for (const node of nodes) await kubectl(['exec', node, '-n', namespace, '--', 'sh', '-c', install]);
  });
  after(async () => {
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  for (const node of nodes)
    it(`are taken, shown and billed on ${node}, and nothing through a link`, async () => {
      const at = join(dir, node);
      const flags = ['--profile', 'packages', '--case', at, '--collector-image', imageOf('collector')];
      const { code, stderr } = await kubectlIr(['snapshot', 'node', node, ...flags]);
      expect(code, stderr).to.equal(0);
      const shown = await kubectlIr(['show', at, 'container-packages', '-o', 'json']);
      expect(shown.code, shown.stderr).to.equal(0);
      const { items } = JSON.parse(shown.stdout) as Packages;
      const ours = items.filter(({ name }) => name === 'musl');
      expect(ours).to.have.length(1);
      expect(items.some(({ name }) => name === 'never')).to.equal(false);
      const billed = await kubectlIr(['show', at, 'container-packages', '-o', 'cyclonedx']);
      const bill = JSON.parse(billed.stdout) as Bill;
      const container = bill.components.find(({ name }) => name === ours[0]?.container);
      expect(container?.components.map(({ purl }) => purl)).to.include(
        'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20',
      );
    });
});

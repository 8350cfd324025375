import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { expectWhole } from './support/whole.ts';
import { kubectlIr, nodeNames, onNode } from './support/world.ts';

const place = '/var/log/e2e-hostile';
/** Parts of which a file can be written to while it is read. */
const parts = 'processes,kernel,sessions,config,logs';
/**
 * A file system whose process never answers: whoever looks into it waits. Then files that are written to, emptied,
 * rotated and deleted as fast as the machine can, until they are told to stop; pipes where files are expected.
 */
const plant = `
[ -e /dev/fuse ] || mknod /dev/fuse c 10 229
mkdir -p ${place} /mnt/dead && mkfifo ${place}/pipe.log /etc/cron.d/e2e-pipe && ln -s /mnt/dead/never ${place}/dead.log
setsid python3 -c '
import ctypes, os, time
fd = os.open("/dev/fuse", os.O_RDWR)
options = "fd=%d,rootmode=40000,user_id=0,group_id=0" % fd
if ctypes.CDLL(None, use_errno=True).mount(b"dead", b"/mnt/dead", b"fuse.dead", 0, options.encode()) != 0:
    raise OSError(ctypes.get_errno())
open("/run/e2e-hostile", "w").write(str(os.getpid()))
time.sleep(3600)' </dev/null >/dev/null 2>&1 &
head -c 8000000 /dev/urandom | od -v -t x1 >${place}/seed
for name in append empty rotate delete; do cp ${place}/seed ${place}/$name.log; done
setsid sh -c '
echo $$ >/run/e2e-hostile-writer
cd ${place}
while [ ! -e stop ]; do
  echo a line >>append.log
  : >empty.log; cat seed >empty.log
  mv rotate.log rotate.log.1; cp seed rotate.log
  rm -f delete.log; cp seed delete.log
done' </dev/null >/dev/null 2>&1 &
for count in $(seq 100); do [ -s /run/e2e-hostile ] || sleep 0.1; done
[ -s /run/e2e-hostile ]`;
/** What writes looks for the stop once a round, however long that takes: where it found none any more, it would never end. */
const remove = `
touch ${place}/stop; umount -l /mnt/dead; kill "$(cat /run/e2e-hostile)"
for count in $(seq 600); do [ -e "/proc/$(cat /run/e2e-hostile-writer)/stat" ] || break; sleep 0.1; done
rm -f /run/e2e-hostile /run/e2e-hostile-writer /etc/cron.d/e2e-pipe
rm -rf ${place} /mnt/dead`;

const nodes = await nodeNames();

describe('a snapshot of a node that fights back', function () {
  requires(this, image('collector'), nodeShell());
  this.timeout(240_000);
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-hostile-'));
    for (const node of nodes) {
      const { code, stderr } = await onNode(node, plant);
      expect(code, stderr).to.equal(0);
    }
  });
  after(async () => {
    for (const node of nodes) expect((await onNode(node, remove)).code).to.equal(0);
    await rm(dir, { recursive: true, force: true });
  });

  it('ends, has an outcome for every item, and every byte that it says', async () => {
    const flags = ['--profile', parts, '--yes', '--collector-image', imageOf('collector')];
    const where = ['--nodes', nodes.join(','), '--case', join(dir, 'case'), '-o', 'json'];
    const { code, stdout, stderr } = await kubectlIr(['snapshot', 'node', ...where, ...flags]);
    expect(code, stderr).to.equal(0);
    const { items: taken } = JSON.parse(stdout) as { items: { acquisition: string; outcome: string }[] };
    expect(taken.map(({ outcome }) => outcome)).to.deep.equal(nodes.map(() => 'complete'));
    for (const { acquisition } of taken) {
      const reader = await openAcquisition(acquisition);
      await expectWhole(reader);
      const outcomeOf = (name: string): string | undefined =>
        reader.items.find((item) => item.name === `[root]${place}/${name}`)?.outcome;
      for (const name of ['seed', 'append.log']) expect(outcomeOf(name), name).to.equal('ok');
      // What is emptied, rotated or deleted may have been there or not; a link leads nowhere and is kept as a link.
      for (const name of ['empty.log', 'rotate.log', 'delete.log'])
        expect(outcomeOf(name), name).to.be.oneOf(['ok', 'vanished', undefined]);
      expect(outcomeOf('dead.log')).to.equal('ok');
      expect(reader.items.some(({ name }) => /pipe/.test(name) && name.includes('e2e'))).to.equal(false);
      expect(reader.info.footprint).to.have.property('detachedMounts').above(0);
    }
  });
});

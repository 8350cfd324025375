import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';
import { plantIn } from './plant.ts';

const signal = new AbortController().signal;
const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n-----END OPENSSH PRIVATE KEY-----\n';

/** Gives a file a time that is in no calendar, and one in the year 10000. */
const farTimes = 'import os, sys; os.utime(sys.argv[1], (9223372036854775807, 253402300800))';

/** Memory on places of the node, which it has in its own mounts as well; the first file in it has far times. */
const mounts = `root=$1 far=$2; shift 2
  mount -t tmpfs none /run
  for place in run/lock run/user/7 run/containerd/shm; do
    mkdir -p "/$place" "$root/$place"
    mount -t tmpfs none "/$place" && mount -t tmpfs none "$root/$place" && echo x >"$root/$place/held"
  done
  /usr/bin/python3 -c "$far" "$root/run/lock/held"
  exec "$@"`;

describe('filesystem.sh', function () {
  this.timeout(60_000);
  let root: string;
  let node: LocalNode;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'filesystem-root-'));
    const apart = [
      'unshare',
      '-r',
      '-m',
      '-p',
      '-f',
      '--mount-proc',
      'sh',
      '-c',
      mounts,
      'sh',
      root,
      farTimes,
    ];
    node = localNode(root, apart);
  });
  afterEach(() => {
    node.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const plant = (path: string, content: string): void => plantIn(root, path, content);
  const collect = async (...more: readonly string[]): Promise<MemorySink> => {
    const sink = new MemorySink();
    const args = ['1048576', ...more];
    await collectFrames(node.exec, namedScript('filesystem'), sink, { args, signal, input: Buffer.alloc(0) });
    return sink;
  };

  it('knows the memory that is mounted anywhere on the node, not that of containers', async () => {
    const sink = await collect();
    const body = sink.named('bodyfile/bodyfile.txt').data.toString();
    for (const place of ['run/lock', 'run/user/7']) {
      expect(body, place).to.include(`|/${place}/held|`);
      expect(sink.named(`[root]/${place}/held`).data.toString()).to.equal('x\n');
    }
    expect(body).not.to.include('/run/containerd/shm/held');
  });

  it('lists all files beside one whose times are beyond every calendar, and takes that one', async () => {
    const sink = await collect();
    const body = sink.named('bodyfile/bodyfile.txt').data.toString();
    const [far = ''] = /^.*\|\/run\/lock\/held\|.*$/m.exec(body) ?? [];
    expect(far.split('|').slice(7, 9)).to.deep.equal([
      '9223372036854775807.000000000',
      '253402300800.000000000',
    ]);
    expect(body.match(/^0\|\/run\/user\/7\/held\|.*$/gm)).to.have.length(1);
    const taken = sink.named('[root]/run/lock/held');
    expect([taken.end.outcome, taken.data.toString()]).to.deep.equal(['ok', 'x\n']);
    expect(taken.header.stat?.accessed).to.equal((2n ** 63n - 1n) * 1_000_000_000n);
  });

  it('takes small files wherever anybody may write, files in /dev among them, and of sessions nothing twice', async () => {
    plant('dev/.hidden', 'x\n');
    plant('run/user/8/tool', 'x\n');
    plant('run/user/8/systemd/units/a', 'x\n');
    const names = (await collect()).items.map(({ header }) => header.name.toString());
    expect(names).to.include.members(['[root]/dev/.hidden', '[root]/run/user/8/tool']);
    expect(names).not.to.include('[root]/run/user/8/systemd/units/a');
  });

  it('keeps keys back but no program that has the words of one in it, and takes them on request', async () => {
    plant('tmp/loot', key);
    plant('tmp/pull.json', '{"auths":{"registry.example":{"auth":"c2VjcmV0"}}}');
    plant('tmp/token', 'no token by its content\n');
    plant('tmp/tool', `\x7fELF\n${key}`);
    const sink = await collect();
    for (const name of ['loot', 'pull.json'])
      expect(sink.named(`[root]/tmp/${name}`).end.detail, name).to.match(/^secret sha256 [0-9a-f]{64}$/);
    for (const name of ['token', 'tool'])
      expect(sink.named(`[root]/tmp/${name}`).end.outcome, name).to.equal('ok');
    const taken = (await collect('secrets')).named('[root]/tmp/loot');
    expect([taken.header.artifact, taken.data.toString()]).to.deep.equal(['secret', key]);
  });
});

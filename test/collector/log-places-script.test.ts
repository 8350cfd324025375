import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactOf } from '../../src/artifacts/catalogue.ts';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';
import { plantIn } from './plant.ts';

const signal = new AbortController().signal;

describe('logs.sh, where logs lie elsewhere', function () {
  this.timeout(60_000);
  let root: string;
  let node: LocalNode;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'log-places-'));
    node = localNode(root);
  });
  afterEach(() => {
    node.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const plant = (path: string, content: string): void => plantIn(root, path, content);
  const collect = async (args: readonly string[]): Promise<MemorySink> => {
    const sink = new MemorySink();
    await collectFrames(node.exec, namedScript('logs'), sink, { args, signal, input: Buffer.alloc(0) });
    return sink;
  };
  const names = (sink: MemorySink): string[] => sink.items.map(({ header }) => header.name.toString()).sort();

  it('goes on where other file systems are mounted below /var/log, and names those that it does not read', async () => {
    mkdirSync(join(root, 'var/log/audit logs/kernel'), { recursive: true });
    const mounts = `root=$1; shift
      mount -t tmpfs none "$root/var/log/audit logs" && mkdir "$root/var/log/audit logs/kernel"
      echo event >"$root/var/log/audit logs/audit.log"
      mount -t proc none "$root/var/log/audit logs/kernel"
      exec "$@"`;
    node.remove();
    node = localNode(root, [
      ...['unshare', '-r', '-m', '-p', '-f', '--mount-proc', 'sh', '-c', mounts, 'sh', root],
    ]);
    const sink = await collect(['take', 'full', '0', '4294967296']);
    expect(sink.named('[root]/var/log/audit logs/audit.log').data.toString()).to.equal('event\n');
    expect(sink.named('[root]/var/log/audit logs/kernel').end).to.deep.equal({
      outcome: 'skipped',
      length: 0,
      detail: 'a file system of type proc is mounted there',
    });
    expect(sink.items).to.have.length(2);
  });

  it('takes of a pod on docker what its links lead to', async () => {
    const [one, two] = ['a'.repeat(64), 'b'.repeat(64)];
    for (const [id = '', place] of [
      [one, 'var/lib/docker/containers'],
      [two, 'data/docker/containers'],
    ] as const) {
      plant(`${place}/${id}/${id}-json.log`, `lines of ${id}\n`);
      plant(`${place}/${id}/${id}-json.log.1`, 'rotated\n');
      plant(`${place}/${id}/config.v2.json`, 'never\n');
      mkdirSync(join(root, `var/log/pods/ns_pod_uid/${id}`), { recursive: true });
      symlinkSync(`/${place}/${id}/${id}-json.log`, join(root, `var/log/pods/ns_pod_uid/${id}/0.log`));
    }
    plant('etc/shadow', 'never\n');
    symlinkSync('/etc/shadow', join(root, `var/log/pods/ns_pod_uid/${one}/1.log`));
    plant(`var/lib/docker/containers/${'c'.repeat(64)}/${'c'.repeat(64)}-json.log`, 'of another\n');
    const logs = [
      ...[`[root]/data/docker/containers/${two}/${two}-json.log`],
      ...[`[root]/data/docker/containers/${two}/${two}-json.log.1`],
      ...[`[root]/var/lib/docker/containers/${one}/${one}-json.log`],
      ...[`[root]/var/lib/docker/containers/${one}/${one}-json.log.1`],
    ];
    const pod = await collect(['take', 'triage', '0', '4294967296', 'ns_pod_uid']);
    const files = pod.items.flatMap(({ header }) => (header.type === 'file' ? [header.name.toString()] : []));
    expect(files.sort()).to.deep.equal(logs);
    expect(pod.items.filter(({ header }) => header.type === 'symlink')).to.have.length(3);
    const all = names(await collect(['take', 'triage', '0', '4294967296']));
    expect(all.filter((name) => name.includes('/docker/') && !name.includes('ccc'))).to.deep.equal(logs);
    expect(artifactOf(Buffer.from(logs[0] ?? ''))?.name).to.equal('logs of docker containers');
  });

  it('finds logs, journals and those of containers where links lead, by the names that the node has for them', async () => {
    const id = 'a'.repeat(64);
    plant('data/log/syslog', 'line\n');
    plant('data/pods/ns_pod_uid/web/0.log', 'line\n');
    plant('data/journal/m/system.journal', 'line\n');
    plant(`data/docker/containers/${id}/${id}-json.log`, 'line\n');
    mkdirSync(join(root, 'var/lib'), { recursive: true });
    for (const [path, target] of [
      ['var/log', '/data/log'],
      ['data/log/pods', '/data/pods'],
      ['data/log/journal', '../journal'],
      ['var/lib/docker', '/data/docker'],
    ] as const)
      symlinkSync(target, join(root, path));
    for (const profile of ['triage', 'full']) {
      const sink = await collect(['take', profile, '0', '4294967296']);
      for (const name of [
        ...['log/syslog', 'log/pods/ns_pod_uid/web/0.log', 'log/journal/m/system.journal'],
        `lib/docker/containers/${id}/${id}-json.log`,
      ])
        expect(sink.named(`[root]/var/${name}`).data.toString(), `${profile} ${name}`).to.equal('line\n');
      const links = sink.items.filter(({ header }) => header.type === 'symlink');
      expect(links.map(({ header }) => header.name.toString()).sort(), profile).to.deep.equal([
        ...['[root]/var/lib/docker', '[root]/var/log', '[root]/var/log/journal', '[root]/var/log/pods'],
      ]);
      expect(sink.items).to.have.length(8);
    }
    const pod = await collect(['take', 'full', '0', '4294967296', 'ns_pod_uid']);
    expect(names(pod)).to.deep.equal(['[root]/var/log/pods/ns_pod_uid/web/0.log']);
  });
});

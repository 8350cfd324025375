import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ContainerRecord } from '../../src/artifacts/container-record.ts';
import { findKind } from '../../src/artifacts/kinds.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import {
  type Exhibit,
  exhibitsOf,
  openAcquisitions,
  openWhole,
  type Shortfall,
} from '../../src/evidence/exhibits.ts';
import { metadataFile } from '../filesystem/containerd-databases.ts';
import { ofDocker, recorded } from '../artifacts/runtimes.ts';
import { failureOf } from '../support/failure.ts';
import { caseWith, type Content } from './evidence-lab.ts';
import { inSandbox } from './sandbox.ts';
import { unreadables } from './unreadable.ts';

async function exhibits(
  kindName: string,
  ...nodes: readonly Readonly<Record<string, Content>>[]
): Promise<{ found: Exhibit[]; shortfall: Shortfall }> {
  const kind = findKind(kindName);
  if (kind === undefined) throw new Error('no such kind');
  return inSandbox(async (dir) => {
    await caseWith(dir, ...nodes);
    const shortfall: Shortfall = { gaps: [], malformed: [] };
    const found: Exhibit[] = [];
    for (const { name, reader } of await openAcquisitions(dir))
      for await (const exhibit of exhibitsOf(kind, name, reader, shortfall)) found.push(exhibit);
    return { found, shortfall };
  });
}

const stat = (pid: number, name: string): string =>
  `${pid} (${name}) S 1 1 1 0 -1 4194560 0 0 0 0 1 2 0 0 20 0 1 0 150 0 0\n`;

describe('exhibitsOf', () => {
  it('names the acquisition and the item of each record', async () => {
    const { found } = await exhibits(
      'groups',
      { '[root]/etc/group': 'root:x:0:\n', '[root]/etc/motd': 'x' },
      { '[root]/etc/group': 'docker:x:9:jo\n' },
    );
    expect(found.map(({ acquisition, item, record }) => [acquisition.slice(17), item, record])).to.deep.equal(
      [
        [
          'node-node-a',
          { number: 1, name: '[root]/etc/group' },
          { name: Buffer.from('root'), gid: 0, members: [] },
        ],
        [
          'node-node-b',
          { number: 1, name: '[root]/etc/group' },
          { name: Buffer.from('docker'), gid: 9, members: [Buffer.from('jo')] },
        ],
      ],
    );
  });

  it('shows what the collector marks as an audit log of the API, wherever it lies', async () => {
    const { found, shortfall } = await exhibits('api-audit', {
      '[root]/srv/audit': { bytes: 'no event\n', artifact: 'api-audit' },
      '[root]/srv/other': { bytes: 'no event\n', artifact: 'log' },
    });
    expect(found.map(({ item }) => item?.name)).to.deep.equal(['[root]/srv/audit']);
    expect(shortfall.malformed).to.have.length(1);
  });

  it('shows last logins of accounts that lie too far behind for the file to be taken whole', async () => {
    const record = Buffer.alloc(292);
    record.writeUInt32LE(1_763_000_000, 0);
    record.write('pts/0', 4);
    const place = 'live_response/system/lastlog';
    const { found, shortfall } = await exhibits('logins', {
      '[root]/var/log/lastlog': { truncated: Buffer.alloc(292 * 40) },
      [`${place}/292/65534`]: record,
      [`${place}/296/65534`]: Buffer.alloc(296),
      [`${place}/296/5000`]: Buffer.concat([Buffer.alloc(200, 'x'), Buffer.alloc(96)]),
    });
    expect(found.map(({ item, record: login }) => [item?.name, 'user' in login && login.user])).to.deep.equal(
      [
        [`${place}/292/65534`, 'uid 65534'],
        [`${place}/296/5000`, false],
      ],
    );
    expect(shortfall.malformed).to.deep.equal([
      `${place}/296/5000: 1 of its pieces is no record; the first: no record of 296 bytes, at byte 0`,
    ]);
  });

  it('shows the configuration of a kubelet that lies where its command line says', async () => {
    const open =
      'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 10255\n';
    const { found } = await exhibits('kubelet', {
      '[root]/opt/k.yaml': { bytes: open, artifact: 'config' },
      '[root]/opt/k.json': { bytes: '{"kind":"KubeletConfiguration","port":1}', artifact: 'config' },
      '[root]/opt/broken': { bytes: 'kind: KubeletConfiguration\n\tx', artifact: 'config' },
      '[root]/etc/kubernetes/manifests/x.yaml': { bytes: 'kind: Pod\n', artifact: 'config' },
      '[root]/var/log/k.yaml': { bytes: open, artifact: 'log' },
    });
    const told = found.map(({ item, record }) => [item?.name, isMalformed(record)]);
    expect(told).to.deep.equal([
      ['[root]/opt/k.yaml', false],
      ['[root]/opt/k.json', false],
      ['[root]/opt/broken', true],
    ]);
    expect(found[0]?.record).to.include({ readOnlyPort: 10255 });
  });

  it('tells items that are not whole, and pieces that are no records', async () => {
    const { found, shortfall } = await exhibits('groups', {
      '[root]/etc/group': { truncated: 'root:x:0:\nbad\nworse\n' },
    });
    expect(found.map(({ record }) => isMalformed(record))).to.deep.equal([false, true, true]);
    expect(shortfall).to.deep.equal({
      gaps: ['[root]/etc/group: truncated, the last bytes'],
      malformed: [
        '[root]/etc/group: 2 of its pieces are no records; the first: no line of the groups, at byte 10',
      ],
    });
  });

  it('joins processes and sockets of one acquisition', async () => {
    const node = {
      '[root]/proc/stat': 'cpu 1\nbtime 1763000000\n',
      '[root]/proc/17/stat': stat(17, 'n)c'),
      '[root]/proc/17/fd/3': { target: 'socket:[4711]' },
      '[root]/proc/net/tcp': `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1
`,
    };
    const { found } = await exhibits('sockets', node);
    expect(found).to.have.length(1);
    expect(found[0]?.record).to.deep.include({ localAddress: '127.0.0.1', localPort: 8080, pids: [17] });
    const { found: processes } = await exhibits('processes', node, node);
    expect(processes.map(({ record }) => record)).to.have.length(2);
    expect(processes[0]?.record).to.include({ pid: 17, started: '2025-11-13T02:13:21.50Z' });
  });

  it('says in which network namespace the sockets of a pod in the network of its node were', async () => {
    const { found } = await exhibits('sockets', {
      '[root]/proc/17/stat': stat(17, 'httpd'),
      '[root]/proc/17/ns/net': { target: 'net:[4026531840]' },
      '[root]/proc/self/ns/net': { target: 'net:[4026531840]' },
      '[root]/proc/net/tcp': '0: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0 0 0 4711 1\n',
    });
    expect(found.map(({ record }) => record)).to.have.length(1);
    expect(found[0]?.record).to.deep.include({ namespace: 4026531840, table: '[root]/proc/net/tcp' });
  });

  it('joins what lists and files tell of one container', async () => {
    const { id, config, settings } = ofDocker('failed');
    const docker = `[root]/var/lib/docker/containers/${id}`;
    const storage = '[root]/var/lib/containers/storage/overlay-containers';
    const web = '4e6c2b6ade8b8ef2f5a95c37afcdc22d418cd18b2fc039610876c8f4098ffadb';
    const { found, shortfall } = await exhibits('containers', {
      [`${docker}/hostconfig.json`]: settings.toString(),
      [`${storage}/${web}/userdata/config.json`]: recorded('podman/web/config.json').toString(),
      [`${storage}/containers.json`]: recorded('podman/containers.json').toString(),
      [`${docker}/config.v2.json`]: config.toString(),
      // In the place of one runtime nothing adds to a container of another.
      [`[root]/var/lib/containerd/io.containerd.grpc.v1.cri/containers/${id}/status`]:
        recorded('containerd/status').toString(),
      [`${docker.slice(0, -1)}x/config.v2.json`]: '{',
    });
    const told = found.map(({ items = [], record }) => {
      const { runtime, name, state } = record as { runtime?: string; name?: string; state?: string };
      return [runtime, name, state, items.map(({ number }) => number)];
    });
    expect(told).to.deep.equal([
      ['docker', 'failed', 'exited', [1, 4]],
      ['podman', 'web', undefined, [3, 2]],
      ['containerd', undefined, 'running', [5]],
      [undefined, undefined, undefined, []],
      ...['ended', 'running', 'failed', 'volatile', 'never'].map((name) => ['podman', name, undefined, [3]]),
    ]);
    expect(found[1]?.record).to.deep.include({ image: 'localhost/lab:1', args: ['sh', '-c', 'sleep 3600'] });
    expect(found[3]?.record).to.have.property('malformed');
    expect(shortfall.malformed).to.deep.equal([
      `${docker.slice(0, -1)}x/config.v2.json: 1 of its pieces is no record; the first: no container of docker, or not the one of its directory, at byte 0`,
    ]);
  });

  it('shows what containerd has in any namespace, and that nothing runs in it', async () => {
    const web = 'c'.repeat(64);
    const spec = (...args: string[]): object => ({ ociVersion: '1', process: { args } });
    const task = '[root]/run/containerd/io.containerd.runtime.v2.task';
    const { found } = await exhibits('containers', {
      [`${task}/k8s.io/${web}/config.json`]: JSON.stringify(spec('/web')),
      [`${task}/default/broken/config.json`]: '{',
      [`${task}/moby/${web}/config.json`]: JSON.stringify(spec('/docker')),
      '[root]/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db': metadataFile([
        { id: web, spec: spec('/web') },
        { id: 'planted', namespace: 'default', spec: spec('/x', '--pool') },
        { id: 'broken', namespace: 'default' },
        { id: web, namespace: 'moby' },
      ]),
    });
    const rows = found.filter(({ record }) => !isMalformed(record));
    const told = rows.map(({ record, items = [] }) => {
      const { id, runtime, runtimeNamespace, image, state, args } = record as ContainerRecord;
      return [id.slice(0, 7), runtime, runtimeNamespace, image, state, args, items.length];
    });
    expect(told).to.deep.equal([
      ['ccccccc', 'containerd', 'k8s.io', 'shop:1', undefined, ['/web'], 2],
      ['broken', 'containerd', 'default', 'shop:1', undefined, undefined, 1],
      ['ccccccc', 'docker', 'moby', 'shop:1', undefined, ['/docker'], 2],
      ['planted', 'containerd', 'default', 'shop:1', 'no task', ['/x', '--pool'], 1],
    ]);
    const columns = findKind('containers')?.columns ?? [];
    const cells = columns.map((column) => [column.header, column.text(rows[3]?.record ?? {})]);
    expect(Object.fromEntries(cells)).to.include({
      CONTAINER: 'default/planted',
      STATE: 'no task',
      RUNTIME: 'containerd (default)',
    });
  });

  it('joins a list that names one container a hundred thousand times', async function () {
    this.timeout(20_000);
    const one = `{"id":"${'a'.repeat(64)}","layer":"${'b'.repeat(64)}"}`;
    const { found } = await exhibits('containers', {
      '[root]/var/lib/containers/storage/overlay-containers/containers.json': `[${Array<string>(100_000).fill(one).join(',')}]`,
    });
    expect(found).to.have.length(1);
    expect(found[0]?.items).to.have.length(1);
  });

  it('says when there is no case', async () => {
    const error = await failureOf(openAcquisitions('/nowhere'));
    expect(error).to.include({
      message: 'no case at /nowhere',
      advice:
        'give the directory of a case; only verify, findings, timeline, show and report take an archive of one',
    });
  });

  it('says how to go on in a case in which nothing was collected yet', () =>
    inSandbox(async (dir) => {
      await mkdir(join(dir, 'data'));
      await writeFile(join(dir, 'data/case.json'), '{}');
      const error = await failureOf(openAcquisitions(dir));
      expect(error).to.have.property(
        'advice',
        'nothing was collected into this case yet; begin with: kubectl ir snapshot node NODE --case DIR',
      );
    }));
});

describe('openWhole', () => {
  it('opens what can be opened, and tells of the rest', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, {}, {});
      const place = join(dir, 'data/acquisitions');
      const [first = '', second = ''] = (await readdir(place)).sort();
      await rm(join(place, first, 'items.jsonl'));
      const { opened, closed } = await openWhole(dir);
      expect(opened.map(({ name }) => name)).to.deep.equal([second]);
      expect(closed).to.deep.equal([`${first}: ${join(place, first, 'items.jsonl')} can't be read (ENOENT)`]);
    }));

  for (const { what, harm, reason, mayBeWhole = false } of unreadables)
    it(`opens the others beside one ${what}, and says whether that is damage`, () =>
      inSandbox(async (outside) => {
        const dir = join(outside, 'case');
        await caseWith(dir, {}, {});
        const [first = '', second = ''] = (await readdir(join(dir, 'data/acquisitions'))).sort();
        const place = join(dir, 'data/acquisitions', first);
        await harm(place);
        const { opened, closed, denied } = await openWhole(dir);
        expect(opened.map(({ name }) => name)).to.deep.equal([second]);
        const [[told = ''], none] = mayBeWhole ? [denied, closed] : [closed, denied];
        expect(told.startsWith(`${first}: ${place}`)).to.equal(true);
        expect(told.slice(`${first}: ${place}`.length + 1)).to.equal(reason);
        expect(none).to.deep.equal([]);
      }));

  it('leaves out lines of an index that are no items, and counts them', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { a: '1', b: '2', c: '3' });
      const place = join(dir, 'data/acquisitions');
      const [name = ''] = await readdir(place);
      const index = join(place, name, 'items.jsonl');
      const [a = '', b = '', c = ''] = (await readFile(index, 'utf8')).split('\n');
      const openedWith = async (text: string) => {
        await writeFile(index, text);
        const { opened, closed } = await openWhole(dir);
        return [opened[0]?.reader.items.map((item) => item.name), closed];
      };
      expect(await openedWith(`${a}\nno item\n${c}\n`)).to.deep.equal([
        ['a', 'c'],
        [`${name}: line 2 of its index items.jsonl is no item`],
      ]);
      // As a disk that was full leaves it.
      expect(await openedWith(`${a}\nx\n${b.slice(0, 20)}`)).to.deep.equal([
        ['a'],
        [`${name}: 2 lines of its index items.jsonl are no items, the first is line 2`],
      ]);
      expect((await failureOf(openAcquisitions(dir))).message)
        .to.contain('line 2 of ')
        .and.contain(' is no item');
    }));
});

import { expect } from 'chai';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseClock } from '../../src/artifacts/boot.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { ProcessTable, type ProcessRecord } from '../../src/artifacts/process-table.ts';
import { SocketTable } from '../../src/artifacts/socket-table.ts';
import { parseExecutables } from '../../src/artifacts/executable.ts';
import { callScript, collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';
import { plantIn } from './plant.ts';

const signal = new AbortController().signal;

describe('scripts of a node snapshot', function () {
  // All processes of the machine are looked at: 20 s where they are 500 and its load is 9, which both may be three times as much.
  this.timeout(180_000);
  let root: string;
  let node: LocalNode;

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'snapshot-root-'));
    node = localNode(root);
  });
  after(() => {
    node.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const plant = (path: string, content: string | Buffer): void => plantIn(root, path, content);
  const collect = async (
    script: string,
    args: readonly string[] = [],
    input = Buffer.alloc(0),
  ): Promise<MemorySink> => {
    const sink = new MemorySink();
    await collectFrames(node.exec, namedScript(script), sink, { args, signal, input });
    return sink;
  };
  const names = (sink: MemorySink): string[] =>
    sink.items.map((item) => item.header.name.toString('latin1')).sort();

  describe('processes, sockets and executables', () => {
    let planted: ChildProcess;

    before(() => {
      const busybox = spawnSync('busybox', ['which', 'busybox'], { encoding: 'utf8' }).stdout.trim();
      const program = join(root, 'evil) (S 1\n');
      copyFileSync(busybox, program);
      planted = spawn(program, ['3600', '59'], { argv0: 'sleep' });
      unlinkSync(program);
    });
    after(() => planted.kill('SIGKILL'));

    it('finds a deleted program with its arguments, its content and its connection', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const address = server.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      const client = connect(port, '127.0.0.1');
      await new Promise((resolve) => client.once('connect', resolve));
      try {
        const processes = processesOf(await collect('processes'));
        const found = processes.find((process) => process.pid === planted.pid);
        expect(found?.deleted).to.equal(true);
        expect(found?.arguments.map(String)).to.deep.equal(['sleep', '3600', '59']);
        expect(found?.stat?.comm.toString('latin1')).to.equal('evil) (S 1\n');
        expect(found?.executable?.toString('latin1')).to.equal(`${join(root, 'evil) (S 1\n')} (deleted)`);
        const sockets = new SocketTable();
        for (const { header, data } of (await collect('sockets')).items)
          if (SocketTable.wants(header.name)) sockets.add(header.name, data);
        const ours = [...sockets.records(processes)].filter(
          (one) =>
            !isMalformed(one) &&
            one.family === 'tcp' &&
            one.state === 'ESTABLISHED' &&
            one.remotePort === port &&
            one.pids.includes(process.pid),
        );
        expect(ours).to.have.length(1);
      } finally {
        client.destroy();
        server.close();
      }
    });

    it('takes what came since the first look, and maps of all that live, but nothing of its own', async () => {
      const first = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(planted.pid));
      // A name that makes two lines of its stat.
      const rename = 'printf "a\\nb) S 1" >/proc/self/comm; read -r _';
      const born: ChildProcess[] = [spawn('sh', ['-c', rename])];
      const timer = setInterval(() => born.push(spawn('sleep', ['3600'])), 50);
      const sink = await collect('programs', ['1'], Buffer.from(first.join('\n'))).finally(() => {
        clearInterval(timer);
        for (const child of born) child.kill('SIGKILL');
      });
      const pidsOf = (file: string): Set<number> =>
        new Set(
          names(sink).flatMap((name) =>
            name.endsWith(`/${file}`) ? [Number(/^\[root\]\/proc\/(\d+)\//.exec(name)?.[1])] : [],
          ),
        );
      const late = processesOf(sink).find(({ pid }) => pid === planted.pid);
      expect(late?.arguments.map(String)).to.deep.equal(['sleep', '3600', '59']);
      expect(late?.namespaces.has('net')).to.equal(true);
      const second = sink.named('live_response/process/second_look.txt').data.toString();
      const seen = new Set([...second.matchAll(/^\d+/gm)].map(([pid]) => Number(pid)));
      const lived = born.flatMap(({ pid = 0 }) => (seen.has(pid) ? [pid] : []));
      expect(lived.length).to.be.greaterThan(3);
      expect(lived[0]).to.equal(born[0]?.pid);
      for (const file of ['maps', 'status', 'exe', 'environ', 'ns/net'])
        expect([...pidsOf(file)]).to.include.members(lived);
      // Of what was there at the first look nothing is taken twice, and of the script's own shells nothing at all.
      for (const pid of pidsOf('status')) expect(first).not.to.include(String(pid));
      const own = sink.items.filter(
        ({ header, data }) =>
          String(header.name).endsWith('/environ') && data.includes(`IR_SPOOL=${node.env['IR_SPOOL'] ?? ''}`),
      );
      expect(own.map(({ header }) => String(header.name))).to.deep.equal([]);
    });

    it('keeps the content of a program whose file is gone', async () => {
      const sink = await collect('executables', ['all']);
      const busybox = spawnSync('busybox', ['cat', '/bin/busybox'], { maxBuffer: 64 * 1024 * 1024 }).stdout;
      const kept = sink.items.map((item) => createHash('sha256').update(item.data).digest('hex'));
      expect(kept).to.include(createHash('sha256').update(busybox).digest('hex'));
    });

    it('keeps only those of the pod that is asked for', async () => {
      const sink = await collect('executables', ['only', '5f0c1e7a-0000-0000-0000-000000000000']);
      expect(sink.items).to.deep.equal([]);
      const others = await collect('executables', ['except', '5f0c1e7a-0000-0000-0000-000000000000']);
      expect(others.items.length).to.be.greaterThan(0);
    });
  });

  it('tells the time of the node', async () => {
    const { stdout } = await callScript(node.exec, namedScript('clock'), { args: [], limit: 100, signal });
    expect(parseClock(stdout)).to.be.within(Date.now() - 60_000, Date.now() + 1000);
  });

  it('identifies the node by its own files', async () => {
    plant('etc/machine-id', 'abc\n');
    plant('usr/lib/os-release', 'ID=test\n');
    symlinkSync('../usr/lib/os-release', join(root, 'etc/os-release'));
    symlinkSync('/usr/share/zoneinfo/UTC', join(root, 'etc/localtime'));
    const sink = await collect('envelope');
    expect(sink.named('[root]/etc/machine-id').data.toString()).to.equal('abc\n');
    expect(sink.named('[root]/usr/lib/os-release').data.toString()).to.equal('ID=test\n');
    expect(sink.named('[root]/etc/os-release').header.target?.toString()).to.equal('../usr/lib/os-release');
    expect(sink.named('[root]/etc/localtime').header.type).to.equal('symlink');
    expect(sink.named('[root]/proc/stat').data.toString()).to.match(/^btime [0-9]+$/m);
    expect(sink.named('[root]/proc/sys/kernel/random/boot_id').data.length).to.equal(37);
  });

  it('takes configuration and leaves secrets, whatever the names', async () => {
    const hostile = 'x\n-rf \x1b[2J;$(reboot)';
    plant(
      'etc/passwd',
      'root:x:0:0::/root:/bin/sh\nevil:x:1:1::/../../../outside:/bin/sh\nu:x:2:2::/home/u:/bin/sh\n',
    );
    plant('etc/shadow', 'root:$6$secret:1::::::\n');
    plant(`etc/cron.d/${hostile}`, '* * * * * root evil\n');
    symlinkSync('../../../../../../etc/hostname', join(root, 'etc/cron.d/out'));
    spawnSync('mkfifo', [join(root, 'etc/cron.d/pipe')]);
    plant('etc/ssh/ssh_host_ed25519', '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n');
    plant('etc/ssh/sshd_config', 'PermitRootLogin yes\n');
    plant('etc/kubernetes/kubelet.conf', 'users:\n- user:\n    client-key-data: c2VjcmV0\n');
    plant('etc/kubernetes/json.conf', '{\n "users": [{"user": {\n  "client-key-data": "c2VjcmV0"\n}}]}\n');
    plant('etc/kubernetes/bare.conf', '{\n  "current-context": "x",\n  "x": "secret"}\n');
    plant('etc/kubernetes/pki/a\nb.key', 'secret');
    plant('home/u/.ssh/authorized_keys', 'ssh-ed25519 AAAA u\n');
    plant('home/u/.ssh/id', '-----BEGIN RSA PRIVATE KEY-----\nsecret\n');
    plant('home/u/.bash_history', 'curl evil\n');
    const sink = await collect('config');
    const cron = sink.named(Buffer.from(`[root]/etc/cron.d/${hostile}`));
    expect(cron.data.toString()).to.equal('* * * * * root evil\n');
    expect(sink.named('[root]/etc/cron.d/out')).to.have.nested.property('header.type', 'symlink');
    expect(names(sink)).not.to.include('[root]/etc/cron.d/pipe');
    expect(sink.named('[root]/home/u/.ssh/authorized_keys').end.outcome).to.equal('ok');
    expect(sink.named('[root]/home/u/.bash_history').end.outcome).to.equal('ok');
    expect(sink.named('[root]/etc/ssh/sshd_config').end.outcome).to.equal('ok');
    for (const secret of [
      'etc/shadow',
      'etc/ssh/ssh_host_ed25519',
      'etc/kubernetes/kubelet.conf',
      'etc/kubernetes/json.conf',
      'etc/kubernetes/bare.conf',
      'etc/kubernetes/pki/a\nb.key',
      'home/u/.ssh/id',
    ]) {
      const item = sink.named(`[root]/${secret}`);
      expect(item.end, secret).to.include({ outcome: 'skipped', length: 0 });
      const digest = createHash('sha256')
        .update(readFileSync(join(root, secret)))
        .digest('hex');
      expect(item.end.detail, secret).to.equal(`secret sha256 ${digest}`);
      expect(item.header.stat?.size, secret).to.be.greaterThan(0);
    }
    const everything = Buffer.concat(sink.items.map((item) => item.data)).toString('latin1');
    expect(everything).not.to.include('secret');
    expect(everything).not.to.include('c2VjcmV0');
  });

  it('takes of certificates and kubeconfigs what is no secret, and secrets when they are asked for', async () => {
    const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    plant(
      'etc/kubernetes/pki/both.pem',
      `${certificate}-----BEGIN CERTIFICATE-----\nMIIC\n-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n`,
    );
    plant('etc/kubernetes/user.conf', 'current-context: x\nusers:\n- name: u\n  user:\n    token: secret\n');
    const sink = await collect('config');
    expect(sink.named('live_response/certificates/etc/kubernetes/pki/both.pem').data.toString()).to.equal(
      `${certificate}-----BEGIN CERTIFICATE-----\nMIIC\n`,
    );
    expect(sink.named('live_response/kubeconfigs/etc/kubernetes/user.conf').data.toString()).to.equal(
      'current-context: x\nusers:\n- name: u\n  user:\n',
    );
    const all = await collect('config', ['secrets']);
    const taken = all.named('[root]/etc/kubernetes/user.conf');
    expect(taken.header.artifact).to.equal('secret');
    expect(taken.data.toString()).to.include('token: secret');
  });

  it('writes a body file that no name can break', async () => {
    const hostile = 'a|b%\nc\\x0a\u001b';
    plant(`srv/${hostile}`, 'x');
    symlinkSync('to|here', join(root, 'srv/link'));
    const text = (await collect('filesystem', ['1048576'])).named('bodyfile/bodyfile.txt').data.toString();
    const lines = text.split('\n').filter((line) => line.includes('|/srv/'));
    const [file] = lines.filter((line) => line.includes('|/srv/a%7Cb%25\\x0ac%5Cx0a\\x1b|'));
    expect(file).to.match(
      /^0\|\/srv\/a%7Cb%25\\x0ac%5Cx0a\\x1b\|\d+\|-rw-r--r--\|0\|0\|1\|\d+\.\d{9}\|\d+\.\d{9}\|\d+\.\d{9}\|0$/,
    );
    expect(lines.some((line) => line.includes('|/srv/link -> to%7Chere|'))).to.equal(true);
    expect(
      text
        .split('\n')
        .filter((line) => line !== '')
        .every((line) => line.split('|').length === 11),
    ).to.equal(true);
  });

  it('takes the databases of packages and digests of programs, small files where anybody may write', async () => {
    plant('var/lib/dpkg/status', 'Package: x\n');
    plant('var/lib/dpkg/info/x.md5sums', 'd41d8cd98f00b204e9800998ecf8427e  usr/bin/x\n');
    plant('usr/bin/x', 'program');
    plant('usr/bin/y', 'program');
    plant('usr/lib/libz.so', 'program');
    plant('--no-such-option', 'program');
    plant('empty', '');
    plant('etc/ld.so.preload', '# all\n/usr/lib/libz.so:/usr/lib/none.so\n/--no-such-option\n/empty\n');
    for (const name of ['x', 'y']) chmodSync(join(root, 'usr/bin', name), 0o755);
    plant('tmp/.hidden', 'y');
    plant('tmp/large', Buffer.alloc(11 * 1024 * 1024));
    plant('var/lib/rpm/rpmdb.sqlite', 'pages');
    plant('var/lib/rpm/rpmdb.sqlite-wal', 'pages not written yet');
    const packages = await collect('packages');
    expect(packages.named('[root]/var/lib/dpkg/status').end.outcome).to.equal('ok');
    expect(packages.named('[root]/var/lib/dpkg/info/x.md5sums').end.outcome).to.equal('ok');
    const digest = createHash('sha256').update('program').digest('hex');
    expect(packages.named('live_response/packages/programs.sha256').data.toString()).to.equal(
      ['--no-such-option', 'usr/bin/x', 'usr/bin/y', 'usr/lib/libz.so']
        .map((path) => `${digest}  ${path}\n`)
        .join(''),
    );
    expect(packages.named('[root]/var/lib/rpm/rpmdb.sqlite').data.toString()).to.equal('pages');
    expect(packages.named('[root]/var/lib/rpm/rpmdb.sqlite-wal').data.toString()).to.equal(
      'pages not written yet',
    );
    const files = await collect('filesystem', ['1048576']);
    expect(files.named('[root]/tmp/.hidden').data.toString()).to.equal('y');
    expect(files.named('[root]/tmp/large').end).to.include({
      outcome: 'skipped',
      detail: 'larger than 10 MiB',
    });
  });

  it('takes the databases of packages of containers, and nothing that their links lead to', async () => {
    const id = 'd'.repeat(64);
    const layer = 'e'.repeat(64);
    const task = `run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/rootfs`;
    const merged = `var/lib/containers/storage/overlay/${layer}/merged`;
    plant(`${task}/lib/apk/db/installed`, 'P:musl\nV:1.2.5-r0\n\n');
    plant(`${task}/etc/os-release`, 'ID=alpine\n');
    plant(`${task}/var/lib/dpkg/status.d/base`, 'Package: base\nVersion: 1\n');
    // A directory of the node, and one of the collector, in the place of its own.
    plant('outside/rpmdb.sqlite', 'secret of the node');
    mkdirSync(join(root, task, 'usr/lib/sysimage'), { recursive: true });
    symlinkSync(`${'../'.repeat(9)}outside`, join(root, task, 'usr/lib/sysimage/rpm'));
    mkdirSync(join(root, task, 'usr/lib/apk'), { recursive: true });
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    writeFileSync(join(elsewhere, 'installed'), 'secret of the collector');
    symlinkSync(elsewhere, join(root, task, 'usr/lib/apk/db'));
    plant(`${merged}/var/lib/dpkg/status`, 'Package: libc6\nVersion: 2.36-9\n');
    const sink = await collect('packages');
    rmSync(elsewhere, { recursive: true });
    const place = `live_response/containers/${id}/root`;
    expect(sink.named(`${place}/lib/apk/db/installed`).data.toString()).to.equal('P:musl\nV:1.2.5-r0\n\n');
    expect(sink.named(`${place}/etc/os-release`).data.toString()).to.equal('ID=alpine\n');
    expect(sink.named(`${place}/var/lib/dpkg/status.d/base`).end.outcome).to.equal('ok');
    expect(sink.named(`live_response/containers/${layer}/root/var/lib/dpkg/status`).end.outcome).to.equal(
      'ok',
    );
    for (const path of ['usr/lib/sysimage/rpm/rpmdb.sqlite', 'usr/lib/apk/db/installed'])
      expect(sink.named(`${place}/${path}`).end).to.include({ outcome: 'skipped', length: 0 });
    expect(Buffer.concat(sink.items.map(({ data }) => data)).toString('latin1')).not.to.include('secret of');
  });

  it('takes what the runtime knows of containers, of one pod only its own', async () => {
    const id = 'a'.repeat(64);
    const other = 'b'.repeat(64);
    const ended = 'c'.repeat(64);
    const uid = '5f0c1e7a-0000-0000-0000-000000000000';
    const task = 'run/containerd/io.containerd.runtime.v2.task/k8s.io';
    plant(`${task}/${id}/config.json`, `{"annotations":{"io.kubernetes.cri.sandbox-uid":"${uid}"}}`);
    plant(`${task}/${id}/rootfs/etc/passwd`, 'never');
    plant(`${task}/${other}/config.json`, '{}');
    for (const one of [id, other, ended])
      plant(`var/lib/containerd/io.containerd.grpc.v1.cri/containers/${one}/status`, '{}');
    plant('var/lib/containers/storage/db.sql', 'pages');
    plant('var/lib/containers/storage/db.sql-wal', 'pages not written yet');
    const stored = 'var/lib/containers/storage/overlay-containers';
    const crio = 'd'.repeat(64);
    plant(`run/containers/storage/overlay-containers/${id}/userdata/config.json`, '{}');
    plant(`${stored}/${crio}/userdata/config.json`, '{"uid":"5f0c1e7b-0000-0000-0000-000000000000"}');
    plant(`${stored}/${crio}/userdata/state.json`, '{}');
    plant(`${stored}/${crio}/userdata/secrets/token`, 'never');
    for (const prefix of ['', 'volatile-']) plant(`${stored}/${prefix}containers.json`, '[]');
    const states = ['run/k0s/containerd', 'var/snap/microk8s/common/run/containerd'];
    const specs = states.map((state) => `${state}/io.containerd.runtime.v2.task/k8s.io/${other}/config.json`);
    for (const spec of specs) plant(spec, '{}');
    const status = `var/lib/k0s/containerd/io.containerd.grpc.v1.cri/containers/${other}/status`;
    plant(status, '{}');
    const all = names(await collect('runtime'));
    expect(all).to.include('[root]/var/lib/containers/storage/db.sql-wal');
    expect(all).to.include.members(
      [`${task}/${other}/config.json`, ...specs, status].map((path) => `[root]/${path}`),
    );
    expect(all).to.include(`[root]/var/lib/containerd/io.containerd.grpc.v1.cri/containers/${ended}/status`);
    expect(all.join('\n')).not.to.include('rootfs');
    expect(all.filter((name) => name.includes('overlay-'))).to.deep.equal([
      `[root]/run/containers/storage/overlay-containers/${id}/userdata/config.json`,
      `[root]/${stored}/containers.json`,
      `[root]/${stored}/${crio}/userdata/config.json`,
      `[root]/${stored}/${crio}/userdata/state.json`,
      `[root]/${stored}/volatile-containers.json`,
    ]);
    expect(names(await collect('runtime', ['5f0c1e7b-0000-0000-0000-000000000000']))).to.deep.equal([
      `[root]/${stored}/${crio}/userdata/config.json`,
      `[root]/${stored}/${crio}/userdata/state.json`,
    ]);
    expect(names(await collect('runtime', [uid, ended]))).to.deep.equal([
      `[root]/${task}/${id}/config.json`,
      `[root]/var/lib/containerd/io.containerd.grpc.v1.cri/containers/${id}/status`,
      `[root]/var/lib/containerd/io.containerd.grpc.v1.cri/containers/${ended}/status`,
    ]);
  });

  it('takes login records raw and the kernel facts', async () => {
    plant('var/log/wtmp', Buffer.alloc(384, 1));
    plant('run/systemd/sessions/c1', 'USER=root\n');
    const sessions = await collect('sessions');
    expect(sessions.named('[root]/var/log/wtmp').data.equals(Buffer.alloc(384, 1))).to.equal(true);
    expect(sessions.named('[root]/run/systemd/sessions/c1').data.toString()).to.equal('USER=root\n');
    plant('proc/sys/fs/binfmt_misc/docx', 'enabled\ninterpreter /dev/shm/x\n');
    const kernel = await collect('kernel');
    expect(kernel.named('[root]/proc/sys/fs/binfmt_misc/docx').end.outcome).to.equal('ok');
    expect(kernel.named('[root]/proc/sys/kernel/core_pattern').end.outcome).to.equal('ok');
    expect(kernel.named('live_response/system/bpf_symbols.txt').end.outcome).to.equal('ok');
  });
});

function processesOf(sink: MemorySink): ProcessRecord[] {
  const table = new ProcessTable();
  for (const { header, data } of sink.items) {
    if (header.target !== undefined) table.addLink(header.name, header.target);
    else if (ProcessTable.wants(header.name)) table.addFile(header.name, data);
    else if (header.name.toString() === 'live_response/process/executables.txt')
      for (const one of parseExecutables(data)) if (!isMalformed(one)) table.addExecutable(one);
  }
  return table.records();
}

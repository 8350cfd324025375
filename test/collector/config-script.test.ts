import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';
import { plantIn } from './plant.ts';

const signal = new AbortController().signal;

describe('config.sh', function () {
  this.timeout(60_000);
  let root: string;
  let node: LocalNode;
  let planted: ChildProcess | undefined;
  /** A word that ends each grep which meets it. */
  let killed: string | undefined;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'config-root-'));
    node = localNode(root);
  });
  afterEach(() => {
    if (planted?.pid !== undefined) process.kill(-planted.pid, 'SIGKILL');
    planted = undefined;
    killed = undefined;
    node.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const plant = (path: string, content: string): void => plantIn(root, path, content);
  /** Names of what is taken while a program calls itself a kubelet with these arguments. */
  const collect = async (...words: readonly string[]): Promise<MemorySink> => {
    const text = `exec -a kubelet sh -c 'sleep 60; :' "$@"`;
    const started = spawn('bash', ['-c', text, 'bash', 'sh', ...words], { stdio: 'ignore', detached: true });
    planted = started;
    while (!readFileSync(`/proc/${String(started.pid)}/cmdline`, 'latin1').startsWith('kubelet\0'))
      await new Promise((resolve) => setTimeout(resolve, 10));
    const sink = new MemorySink();
    const own = namedScript('config');
    const grep =
      killed === undefined
        ? ''
        : `grep() {
            for file; do
              [ ! -f "$file" ] || ! command grep -q ${killed} "$file" || sh -c 'kill -KILL "$PPID"'
            done
            command grep "$@"
          }\n`;
    const script = { name: own.name, text: grep + own.text };
    await collectFrames(node.exec, script, sink, { signal, input: Buffer.alloc(0), args: [] });
    return sink;
  };
  const names = ({ items }: MemorySink): string[] => items.map(({ header }) => header.name.toString());

  it('takes what a kubelet names, and not the whole node when somebody calls himself one', async () => {
    plant('opt/kubelet.yaml', 'staticPodPath: /opt/pods\n');
    plant('opt/pods/web.yaml', 'kind: Pod\n');
    plant('srv/deep/below/all/of/it', 'data\n');
    for (let number = 0; number < 400; number += 1) plant(`data/${number}`, 'data\n');
    const taken = await collect(
      '--config=/opt/kubelet.yaml',
      '--config-dir',
      '/',
      '--cni-conf-dir=//./data/./.',
    );
    const all = names(taken);
    expect(all).to.include.members(['[root]/opt/kubelet.yaml', '[root]/opt/pods/web.yaml']);
    expect(all).not.to.include('[root]/srv/deep/below/all/of/it');
    expect(all.filter((name) => name.startsWith('[root]/data/'))).to.have.length(256);
    expect(all).not.to.include('live_response/system/named_paths.rest');
    expect(taken.named('[root]/data').end).to.deep.include({
      outcome: 'truncated',
      detail: 'no more than 256 of its files were taken',
    });
  });

  it('reads no file of the kernel that somebody names', async () => {
    plant('proc/kmsg', '');
    symlinkSync('proc', join(root, 'kernel'));
    const odd = [
      '--config-dir=//',
      '--config-dir=/.',
      '--config-dir=/./',
      '--config-dir=/..',
      '--config-dir=/x/../',
    ];
    const all = names(await collect(...odd, '--config=/proc/kmsg', '--kubeconfig=/kernel/kmsg'));
    expect(all.filter((name) => name.includes('kmsg'))).to.deep.equal([]);
  });

  it('takes no more of what an account fills than a bound, and says so', async () => {
    for (let number = 0; number < 300; number += 1) plant(`home/jo/.ssh/a\n${number}`, 'key\n');
    const taken = await collect();
    const keys = names(taken).filter((name) => name.startsWith('[root]/home/jo/.ssh/'));
    expect(keys).to.have.length(256);
    expect(keys.every((name) => /\/a\n\d+$/.test(name))).to.equal(true);
    expect(taken.named('[root]/home/jo/.ssh').end.outcome).to.equal('truncated');
  });

  it('keeps keys back beside a file that is larger than anybody could look through', async () => {
    plant('home/jo/.ssh/a', '');
    truncateSync(join(root, 'home/jo/.ssh/a'), 20 * 1024 ** 3);
    plant('home/jo/.ssh/b', Buffer.alloc(3 * 1024 ** 2, 'A').toString());
    plant('home/jo/.ssh/id_ed25519', key);
    const taken = await collect();
    expect(taken.named('[root]/home/jo/.ssh/id_ed25519').end.detail).to.match(/^secret sha256 /);
    for (const name of ['a', 'b'])
      expect(taken.named(`[root]/home/jo/.ssh/${name}`).end).to.include({
        outcome: 'truncated',
        length: 1024 ** 2,
      });
  });

  it('leaves what nobody can tell of where it is, and says so', async () => {
    plant('home/jo/.ssh/a', 'UNTELLABLE secret\n');
    plant('home/jo/.ssh/b', 'plain\n');
    plant('home/jo/.ssh/id_ed25519', key);
    // As if it had been killed for time or memory.
    killed = 'UNTELLABLE';
    const taken = await collect();
    expect(taken.named('[root]/home/jo/.ssh/a').end).to.deep.equal({
      outcome: 'skipped',
      length: 0,
      detail: 'not taken, as nobody could tell whether it is a secret',
    });
    expect(taken.named('[root]/home/jo/.ssh/b').data.toString()).to.equal('plain\n');
    expect(taken.named('[root]/home/jo/.ssh/id_ed25519').end.detail).to.match(/^secret sha256 /);
  });

  it('keeps passwords of registries and of a node back', async () => {
    const password = '{"auths":{"registry.example":{"auth":"c2VjcmV0"}}}';
    plant('root/.docker/config.json', '{"HttpHeaders":{"X-Token":"secret"}}');
    plant('etc/kubernetes/pull.json', password);
    plant('etc/kubernetes/written.json', '{\n\t"auths": {\n\t\t"x": {\n\t\t\t"auth": "c2VjcmV0"\n');
    plant('etc/rancher/node/password', 'secret\n');
    plant('root/.bash_history', `echo '${password}' >pull.json\n`);
    const taken = await collect();
    for (const name of [
      ...['root/.docker/config.json', 'etc/kubernetes/pull.json', 'etc/kubernetes/written.json'],
      'etc/rancher/node/password',
    ])
      expect(taken.named(`[root]/${name}`).end.detail, name).to.match(/^secret sha256 /);
    expect(taken.named('[root]/root/.bash_history').end.outcome).to.equal('ok');
  });

  it('takes histories and lists of keys from their end', async () => {
    const padding = ': padding\n'.repeat(110_000);
    for (const name of ['.bash_history', '.local/share/fish/fish_history', '.ssh/authorized_keys'])
      plant(`root/${name}`, `${padding}the newest line\n`);
    plant('root/.zsh_history', `${padding}${key}`);
    const taken = await collect();
    for (const name of ['.bash_history', '.local/share/fish/fish_history', '.ssh/authorized_keys']) {
      const { data, end } = taken.named(`[root]/root/${name}`);
      expect(data.subarray(-16).toString(), name).to.equal('the newest line\n');
      expect(end.detail, name).to.equal(`the last 1048576 of ${padding.length + 16} bytes`);
    }
    expect(taken.named('[root]/root/.zsh_history').end.detail).to.match(/^secret sha256 /);
  });

  it('hears no program with a network of its own, and says when there are more names than it takes', async () => {
    plant('opt/mine.yaml', 'data\n');
    for (let number = 0; number < 70; number += 1) plant(`many/${number}`, 'data\n');
    const many = Array.from({ length: 70 }, (_, number) => `--config=/many/${number}`);
    const held = spawn(
      'unshare',
      [
        '--net',
        'bash',
        '-c',
        `exec -a kubelet sh -c 'sleep 60; :' "$@"`,
        'bash',
        'sh',
        '--config=/opt/mine.yaml',
      ],
      { stdio: 'ignore', detached: true },
    );
    try {
      while (!readFileSync(`/proc/${String(held.pid)}/cmdline`, 'latin1').startsWith('kubelet\0'))
        await new Promise((resolve) => setTimeout(resolve, 10));
      const taken = await collect(...many);
      expect(names(taken)).not.to.include('[root]/opt/mine.yaml');
      expect(names(taken).filter((name) => name.startsWith('[root]/many/'))).to.have.length(64);
      expect(taken.named('live_response/system/named_paths.rest').end.outcome).to.equal('truncated');
    } finally {
      if (held.pid !== undefined) process.kill(-held.pid, 'SIGKILL');
    }
  });

  it('goes where links on the way and at the end lead on the node', async () => {
    plant('var/lib/cloud/instances/i-1/user-data.txt', '#!/bin/sh\n');
    symlinkSync('/var/lib/cloud/instances/i-1', join(root, 'var/lib/cloud/instance'));
    plant('data/home/jo/.bash_history', 'curl evil\n');
    plant('data/home/jo/.ssh/authorized_keys', 'ssh-ed25519 AAAA\n');
    symlinkSync('/data/home', join(root, 'home'));
    plant('etc/rc.d/init.d/evil', '#!/bin/sh\n');
    symlinkSync('rc.d/init.d', join(root, 'etc/init.d'));
    plant('srv/jobs/job', 'data\n');
    symlinkSync('/srv/jobs', join(root, 'etc/cron.d'));
    plant('proc/kmsg', 'never\n');
    symlinkSync('/proc', join(root, 'etc/profile.d'));
    symlinkSync('/', join(root, 'etc/pam.d'));
    const taken = await collect();
    expect(taken.named('[root]/var/lib/cloud/instance').header.target?.toString()).to.equal(
      '/var/lib/cloud/instances/i-1',
    );
    for (const link of ['etc/init.d', 'etc/cron.d', 'etc/profile.d', 'etc/pam.d'])
      expect(taken.named(`[root]/${link}`).header.type, link).to.equal('symlink');
    for (const file of [
      'var/lib/cloud/instances/i-1/user-data.txt',
      'data/home/jo/.bash_history',
      'data/home/jo/.ssh/authorized_keys',
      'etc/rc.d/init.d/evil',
      'srv/jobs/job',
    ])
      expect(taken.named(`[root]/${file}`).end.outcome, file).to.equal('ok');
    expect(names(taken)).not.to.include('[root]/proc/kmsg');
  });

  it('takes what starts by itself on other systems, and keys where sshd looks for them', async () => {
    plant('etc/passwd', 'jo:x:7:7::/home/jo:/bin/sh\n');
    plant(
      'etc/ssh/sshd_config',
      'PermitRootLogin no\nauthorizedkeysfile .ssh/none "/srv/keys/%u" /srv/all %h/.keys\n',
    );
    plant('etc/ssh/sshd_config.d/a.conf', '  AuthorizedKeysFile=/srv/by/%U/../../../etc/other /proc/%u\n');
    const files = [
      ...['etc/rc.d/rc.local', 'etc/crontabs/root', 'etc/periodic/daily/x', 'etc/local.d/x.start'],
      ...['usr/lib/udev/rules.d/x.rules', 'home/jo/.config/fish/config.fish'],
      ...['srv/keys/jo', 'srv/all', 'home/jo/.keys'],
    ];
    for (const file of files) plant(file, 'data\n');
    plant('srv/keys/other', 'data\n');
    plant('proc/jo', '');
    const taken = names(await collect());
    expect(taken).to.include.members(files.map((file) => `[root]/${file}`));
    expect(taken).not.to.include('[root]/srv/keys/other');
    expect(taken).not.to.include('[root]/proc/jo');
  });
});

const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n-----END OPENSSH PRIVATE KEY-----\n';

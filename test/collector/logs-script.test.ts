import { expect } from 'chai';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ItemHeader } from '../../src/artifacts/item.ts';
import { callScript, collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';
import { plantIn } from './plant.ts';

const signal = new AbortController().signal;

describe('logs.sh', function () {
  this.timeout(60_000);
  let root: string;
  let node: LocalNode;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'logs-root-'));
    node = localNode(root);
  });
  afterEach(() => {
    node.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const plant = (path: string, content: string | Buffer): void => plantIn(root, path, content);
  const collect = async (args: readonly string[], sink = new MemorySink()): Promise<MemorySink> => {
    await collectFrames(node.exec, namedScript('logs'), sink, { args, signal, input: Buffer.alloc(0) });
    return sink;
  };
  const names = (sink: MemorySink): string[] =>
    sink.items.map((item) => item.header.name.toString('latin1')).sort();

  it('takes logs from their end and says what was cut', async () => {
    const line = `${'x'.repeat(1023)}\n`;
    plant('var/log/syslog', `${line.repeat(17 * 1024)}newest\n`);
    plant('var/log/auth.log', 'login\n');
    plant('var/log/pods/ns_pod_uid/web/0.log', `${line.repeat(2 * 1024)}last line\n`);
    plant('var/log/pods/ns_pod_uid/web/a\nb.log', 'short\n');
    symlinkSync('/etc/shadow', join(root, 'var/log/pods/ns_pod_uid/web/1.log'));
    const sink = await collect(['take', 'triage', '0', '4294967296']);
    const syslog = sink.named('[root]/var/log/syslog');
    expect(syslog.end.outcome).to.equal('truncated');
    expect(syslog.end.detail).to.equal(`the last 16777216 of ${17 * 1024 * 1024 + 7} bytes`);
    expect(syslog.data.length).to.equal(16 * 1024 * 1024);
    expect(syslog.data.subarray(-7).toString()).to.equal('newest\n');
    expect(sink.named('[root]/var/log/auth.log').end.outcome).to.equal('ok');
    const pod = sink.named('[root]/var/log/pods/ns_pod_uid/web/0.log');
    expect(pod.end.outcome).to.equal('truncated');
    expect(pod.data.subarray(-10).toString()).to.equal('last line\n');
    expect(sink.named('[root]/var/log/pods/ns_pod_uid/web/a\nb.log').data.toString()).to.equal('short\n');
    const link = sink.named('[root]/var/log/pods/ns_pod_uid/web/1.log');
    expect([link.header.type, link.header.target?.toString()]).to.deep.equal(['symlink', '/etc/shadow']);
  });

  it('takes rotated logs, old ones on request, and tells their size before', async () => {
    const old = new Date(2020, 1, 1);
    plant('var/log/pods/ns_pod_uid/web/0.log', 'last line\n');
    symlinkSync('/etc/shadow', join(root, 'var/log/pods/ns_pod_uid/web/1.log'));
    for (const name of ['log/auth.log.1', 'log/auth.log.2.gz', 'log/journal/m/system@1.journal', 'log/odd'])
      plant(`var/${name}`, 'rotated\n');
    plant('var/log/pods/ns_pod_uid/web/0.log.20261124-010203.gz', 'rotated\n');
    utimesSync(join(root, 'var/log/auth.log.2.gz'), old, old);
    utimesSync(join(root, 'var/log/journal/m/system@1.journal'), old, old);
    const triage = names(await collect(['take', 'triage', '0', '4294967296']));
    expect(triage).to.include('[root]/var/log/auth.log.1');
    expect(triage).to.include('[root]/var/log/pods/ns_pod_uid/web/0.log.20261124-010203.gz');
    expect(triage).not.to.include('[root]/var/log/auth.log.2.gz');
    expect(triage).not.to.include('[root]/var/log/odd');
    const full = await collect(['take', 'full', '0', '4294967296']);
    for (const name of ['auth.log.2.gz', 'journal/m/system@1.journal', 'odd'])
      expect(full.named(`[root]/var/log/${name}`).data.toString()).to.equal('rotated\n');
    const recent = names(await collect(['take', 'full', '60', '4294967296']));
    expect(recent).not.to.include('[root]/var/log/auth.log.2.gz');
    const measured = await callScript(node.exec, namedScript('logs'), {
      args: ['measure', 'full', '0', '4294967296'],
      limit: 100,
      signal,
    });
    // A link counts as lstat has it, with the length of its target.
    const bytes = full.items.reduce(
      (sum, item) => sum + item.data.length + (item.header.target?.length ?? 0),
      0,
    );
    expect(Number(measured.stdout)).to.equal(bytes);
    const capped = await collect(['take', 'full', '0', '4', 'ns_pod_uid']);
    expect(names(capped).every((name) => name.startsWith('[root]/var/log/pods/ns_pod_uid/'))).to.equal(true);
    expect(capped.named('[root]/var/log/pods/ns_pod_uid/web/0.log').data.toString()).to.equal('ine\n');
  });

  it('takes a log that is rotated after it was listed, once, and one that comes meanwhile', async () => {
    const directory = 'var/log/pods/ns_rotated_uid/web';
    const quiet = new Date(Date.now() - 7_200_000);
    // What was written now is read first. When its first block of 8 MiB has come, the script can be three further at most.
    plant(`${directory}/now.log`, Buffer.alloc(40 * 1024 * 1024, 'x'));
    for (const name of ['0.log', '1.log', '2.log']) {
      plant(`${directory}/${name}`, `lines of ${name}\n`);
      utimesSync(join(root, directory, name), quiet, quiet);
    }
    const rotate = (name: string): void => {
      renameSync(join(root, directory, name), join(root, directory, `${name}.20261126-010203`));
      plant(`${directory}/${name}`, 'written since\n');
    };
    const sink = new MeetingSink(Buffer.from(`[root]/${directory}/now.log`), () => {
      rotate('1.log');
      plant('var/log/pods/ns_new_uid/web/a\nb.log', 'new\n');
    });
    await collect(['take', 'full', '0', '4294967296'], sink);
    const taken = (name: string): string[] =>
      sink.items.flatMap(({ header, data }) =>
        header.name.toString() === `[root]/${name}` ? [data.toString()] : [],
      );
    expect(taken(`${directory}/0.log`)).to.deep.equal(['lines of 0.log\n']);
    expect(taken(`${directory}/1.log`)).to.deep.equal(['written since\n']);
    expect(taken(`${directory}/1.log.20261126-010203`)).to.deep.equal(['lines of 1.log\n']);
    expect(taken('var/log/pods/ns_new_uid/web/a\nb.log')).to.deep.equal(['new\n']);
    expect(taken(`${directory}/now.log`)).to.have.length(1);
  });

  it('takes the audit log of an API server from where it is told to write it, and nothing else that such a word names', async () => {
    const event = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a"}\n`;
    plant('srv/deep/api audit.json', event);
    plant('srv/deep/api audit-2026-11-26T06-40-00.000.json', event);
    plant('srv/deep/api audit-2026-11-26T06-40-00.000.json.gz', gzipSync(event.repeat(1000)));
    plant('srv/deep/api audit-notes.json', event);
    plant('data/manifest-audit', event);
    plant('data/mine', event);
    plant('etc/kubernetes/manifests/kube-apiserver.yaml', '    - "--audit-log-path=/data/manifest-audit"\n');
    plant('etc/shadow', 'root:$6$secret:1::::::\n');
    plant('var/log/other.log', 'no audit log\n');
    symlinkSync('/etc/shadow', join(root, 'srv/link.log'));
    symlinkSync('/proc', join(root, 'srv/proc'));
    spawnSync('mkfifo', [join(root, 'srv/pipe.log')]);
    const argument = (path: string): string => `--audit-log-path=${path}`;
    const planted = [
      actor([argument('//srv/./deep//api audit.json')]),
      actor(['--audit-log-path', '/etc/shadow']),
      ...['/srv/link.log', '/srv/pipe.log', '/srv/proc/kmsg', '/srv/none.log', '/var/log/other.log'].map(
        (path) => actor([argument(path)]),
      ),
      actor([
        argument('/srv/../etc/shadow'),
        argument('-'),
        argument('/'),
        argument('/srv/'),
        argument('/srv/.'),
        argument("/srv/$(touch hurt);'`\n*"),
      ]),
      actor([argument('/data/mine')], true),
    ];
    try {
      await actors(planted);
      for (const profile of ['triage', 'full']) {
        const sink = await collect(['take', profile, '0', '4294967296']);
        const marked = sink.items.filter(({ header }) => header.artifact === 'api-audit');
        expect(marked.map(({ header }) => header.name.toString()).sort(), profile).to.deep.equal([
          '[root]/data/manifest-audit',
          '[root]/srv/deep/api audit-2026-11-26T06-40-00.000.json',
          '[root]/srv/deep/api audit-2026-11-26T06-40-00.000.json.gz',
          '[root]/srv/deep/api audit.json',
        ]);
        expect(sink.named('[root]/srv/deep/api audit.json').data.toString()).to.equal(event);
        for (const path of ['etc/shadow', 'srv/proc/kmsg', 'srv/pipe.log'])
          expect(sink.named(`[root]/${path}`).end, path).to.deep.include({ outcome: 'skipped', length: 0 });
        expect(sink.named('[root]/srv/none.log').end.outcome).to.equal('vanished');
        expect(sink.named('[root]/srv/link.log').header.type).to.equal('symlink');
        expect(names(sink)).not.to.include('[root]/data/mine');
        expect(Buffer.concat(sink.items.map(({ data }) => data)).toString('latin1')).not.to.include('secret');
        if (profile === 'full')
          expect(sink.named('[root]/var/log/other.log').data.toString()).to.equal('no audit log\n');
      }
    } finally {
      planted.forEach(end);
    }
  });

  it('takes no more audit logs than an API server has, however many a command line names, those of its manifest first', async () => {
    const event = '{"apiVersion":"audit.k8s.io/v1"}\n';
    for (let number = 0; number < 40; number += 1) plant(`many/${number}`, event);
    plant('many/true', event);
    plant('etc/kubernetes/manifests/a.yaml', `- --audit-log-path=/many/true\n${'x'.repeat(2_000_000)}`);
    const words = Array.from({ length: 40 }, (_, number) => `--audit-log-path=/many/${number}`);
    const planted = actor([...words, `--audit-log-path=/${'x/'.repeat(4000)}`]);
    try {
      await actors([planted]);
      const sink = await collect(['take', 'triage', '0', '4294967296']);
      const taken = names(sink).filter((name) => name.startsWith('[root]/many/'));
      expect(taken).to.have.length(16);
      expect(taken).to.include('[root]/many/true');
    } finally {
      end(planted);
    }
  });

  it('takes logs that say they were written in the future, or before there were clocks', async () => {
    const directory = 'var/log/pods/ns_times_uid/web';
    const times = { 'ahead.log.1': 4_102_444_800, 'before.log': -86_400 };
    for (const [name, time] of Object.entries(times)) {
      plant(`${directory}/${name}`, 'line\n');
      const moment = new Date(time * 1000);
      utimesSync(join(root, directory, name), moment, moment);
    }
    for (const args of [
      ['triage', '0'],
      ['triage', '60'],
      ['full', '60'],
    ]) {
      const sink = await collect(['take', ...args, '4294967296']);
      for (const [name, time] of Object.entries(times)) {
        const { end, header } = sink.named(`[root]/${directory}/${name}`);
        expect(end.outcome, name).to.equal('ok');
        expect(header.stat?.modified, name).to.equal(BigInt(time) * 1_000_000_000n);
      }
    }
  });

  it('leaves to the sessions what they take and nothing else', async () => {
    const ours = ['app/wtmp-tool.log', 'wtmp_old', 'btmp.d/x', 'app/lastlog', 'app/faillog', 'wtmpx'];
    const theirs = ['wtmp', 'wtmp.1', 'btmp', 'btmp-20261126', 'lastlog', 'faillog'];
    for (const name of [...ours, ...theirs]) plant(`var/log/${name}`, 'x\n');
    expect(names(await collect(['take', 'full', '0', '4294967296']))).to.deep.equal(
      ours.map((name) => `[root]/var/log/${name}`).sort(),
    );
  });

  it('takes a journal whole that is as long as journald lets one become, that of the system first', async () => {
    const length = 128 * 1024 * 1024;
    for (let user = 1000; user < 1010; user += 1) plant(`var/log/journal/m/user-${user}.journal`, 'x');
    plant('var/log/journal/m/system.journal', '');
    spawnSync('fallocate', ['-l', String(length), join(root, 'var/log/journal/m/system.journal')]);
    const { items } = await collect(['take', 'triage', '0', '4294967296'], new CountingSink());
    expect(items).to.have.length(11);
    expect(items[0]?.header.name.toString()).to.equal('[root]/var/log/journal/m/system.journal');
    expect(items[0]?.end).to.deep.include({ outcome: 'ok', length });
  });

  it('keeps the current log of what is quiet, whatever since is asked for', async () => {
    const old = new Date(2020, 1, 1);
    const id = 'a'.repeat(64);
    const current = [
      'var/log/pods/ns_pod_uid/web/0.log',
      `var/lib/docker/containers/${id}/${id}-json.log`,
      'var/log/auth.log',
    ];
    const rotated = [
      'var/log/pods/ns_pod_uid/web/0.log.20261124-010203.gz',
      `var/lib/docker/containers/${id}/${id}-json.log.1`,
      ...['var/log/auth.log.1', 'var/log/secure-20200101', 'var/log/app.log.gz'],
    ];
    for (const path of [...current, ...rotated]) {
      plant(path, 'line\n');
      utimesSync(join(root, path), old, old);
    }
    for (const [profile, pod] of [['triage'], ['full'], ['triage', 'ns_pod_uid']] as const) {
      const taken = names(
        await collect(['take', profile, '60', '4294967296', ...(pod === undefined ? [] : [pod])]),
      );
      const expected = pod === undefined ? current : current.slice(0, 1);
      expect(taken, `${profile} ${pod ?? ''}`).to.deep.equal(expected.map((path) => `[root]/${path}`).sort());
    }
  });
});

/** A process that calls itself an API server with these arguments, in a network of its own on request. */
function actor(words: readonly string[], apart = false): ChildProcess {
  const text = `exec -a kube-apiserver sh -c 'sleep 60; :' "$@"`;
  const own = ['bash', '-c', text, 'bash', 'sh', ...words];
  return spawn('unshare', [...(apart ? ['--net'] : []), ...own], { stdio: 'ignore', detached: true });
}

function end({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}

/** Waits until their command lines are what they were started with. */
async function actors(all: readonly ChildProcess[]): Promise<void> {
  for (const { pid } of all)
    for (let tries = 0; tries < 200; tries += 1) {
      if (readFileSync(`/proc/${String(pid)}/cmdline`, 'latin1').startsWith('kube-apiserver\0')) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
}

/** Keeps no data. */
class CountingSink extends MemorySink {
  override write(): Promise<void> {
    return Promise.resolve();
  }
}

/** Does something when an item begins, once. */
class MeetingSink extends MemorySink {
  readonly #name: Buffer;
  #meet: (() => void) | undefined;

  constructor(name: Buffer, meet: () => void) {
    super();
    this.#name = name;
    this.#meet = meet;
  }

  override begin(header: ItemHeader): Promise<void> {
    if (header.name.equals(this.#name)) {
      this.#meet?.();
      this.#meet = undefined;
    }
    return super.begin(header);
  }
}

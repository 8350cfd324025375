import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

const signal = new AbortController().signal;

describe('config.sh', function () {
  this.timeout(60_000);
  let root: string;
  let node: LocalNode;
  let planted: ChildProcess | undefined;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'config-root-'));
    node = localNode(root);
  });
  afterEach(() => {
    if (planted?.pid !== undefined) process.kill(-planted.pid, 'SIGKILL');
    planted = undefined;
    node.remove();
    rmSync(root, { recursive: true, force: true });
  });

  const plant = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  /** Names of what is taken while a program calls itself a kubelet with these arguments. */
  const collect = async (...words: readonly string[]): Promise<MemorySink> => {
    const text = `exec -a kubelet sh -c 'sleep 60; :' "$@"`;
    const started = spawn('bash', ['-c', text, 'bash', 'sh', ...words], { stdio: 'ignore', detached: true });
    planted = started;
    while (!readFileSync(`/proc/${String(started.pid)}/cmdline`, 'latin1').startsWith('kubelet\0'))
      await new Promise((resolve) => setTimeout(resolve, 10));
    const sink = new MemorySink();
    await collectFrames(node.exec, namedScript('config'), sink, { signal, input: Buffer.alloc(0), args: [] });
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
});

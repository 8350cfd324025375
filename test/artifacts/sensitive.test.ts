import { expect } from 'chai';
import { mayHoldCredentials } from '../../src/artifacts/sensitive.ts';

const is = (name: string, artifact = 'config', type: 'file' | 'symlink' = 'file'): boolean =>
  mayHoldCredentials({ artifact, name: Buffer.from(name, 'latin1'), type });

describe('mayHoldCredentials', () => {
  it('is true for environments, command lines, logs and configuration that people put passwords into', () => {
    for (const name of [
      '[root]/proc/17/environ',
      '[root]/proc/17/cmdline',
      '[root]/etc/kubernetes/manifests/etcd.yaml',
      '[root]/etc/cron.d/x\n\xff',
      '[root]/root/.bash_history',
      '[root]/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db',
      '[root]/root/.bashrc',
      '[root]/home/u/.ssh/config',
      '[root]/home/u/.local/share/fish/fish_history',
      '[root]/etc/rc.d/rc.local',
      '[root]/run/k0s/containerd/io.containerd.runtime.v2.task/k8s.io/x/config.json',
      '[root]/var/snap/microk8s/common/run/containerd/io.containerd.runtime.v2.task/k8s.io/x/config.json',
      '[root]/etc/crontabs/root',
      'live_response/process/17/exe',
      'live_response/kubernetes/pods.json',
    ])
      expect(is(name), name).to.equal(true);
    expect(is('[root]/var/log/syslog', 'log')).to.equal(true);
  });

  it('is false for what holds none, and for links', () => {
    for (const name of [
      '[root]/etc/passwd',
      '[root]/proc/17/stat',
      '[root]/proc/stat',
      'live_response/process/executables.txt',
    ])
      expect(is(name), name).to.equal(false);
    expect(is('[root]/etc/cron.d/x', 'config', 'symlink')).to.equal(false);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { withoutChoices } from '../../src/artifacts/artifact.ts';
import { apiAuditMark, artifactOf, catalogue } from '../../src/artifacts/catalogue.ts';
import { tiers } from '../../src/artifacts/tier.ts';
import { parseSize } from '../../src/output/parse-size.ts';

/** Constants of the scripts of the node that are the limit of these artifacts. */
const limits: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'sessions.sh': {
    cap: ['login records', 'last logins of newer systems', 'login records of newer systems', 'failed logins'],
    whole: ['last logins'],
  },
  'packages.sh': {
    cap: [
      'packages of Debian',
      'packages of Alpine',
      'packages of RPM systems',
      'write-ahead logs of databases',
    ],
    container_cap: [
      'packages of containers, Debian',
      'packages of containers, Alpine',
      'packages of containers, RPM',
    ],
  },
  'runtime.sh': {
    cap: ['specifications of containers', 'containers of docker', 'state of containers'],
    database_cap: [
      'containers of containerd',
      'databases of container runtimes',
      'containers of podman since 4.8',
    ],
  },
  'filesystem.sh': { IR_CAP: ['metadata of files'], small: ['small files where anybody may write'] },
  'executables.sh': { IR_CAP: ['programs without a file', 'open files without a name'] },
  'sockets.sh': { cap: ['sockets'] },
  'config.sh': { cap: ['configuration of the kubelet', 'command histories', 'linker and logins'] },
  'logs.sh': {
    log_cap: ['system logs', 'audit trail', 'audit log of the API'],
    pod_cap: ['logs of containers', 'logs of docker containers'],
    journal_cap: ['journal'],
  },
};

describe('catalogue', () => {
  for (const [script, constants] of Object.entries(limits))
    it(`has the limits of ${script}`, () => {
      const text = readFileSync(join(import.meta.dirname, '../../src/collector/scripts', script), 'utf8');
      for (const [constant, names] of Object.entries(constants)) {
        const bytes = new RegExp(`(?:^|\\s)${constant}=([0-9]+)\\b`, 'm').exec(text)?.[1];
        for (const name of names) {
          const limit = catalogue.find((artifact) => artifact.name === name)?.limit;
          expect([name, limit && parseSize('limit', limit)]).to.deep.equal([name, Number(bytes)]);
        }
      }
    });

  it('has each name once, in the order of volatility', () => {
    const names = catalogue.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    const order = Object.keys(tiers);
    const places = catalogue.map(({ tier }) => order.indexOf(tier));
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
  });

  for (const { name, where, limit, why, references } of catalogue)
    it(`says of ${name} where it is, how much is taken, and why it matters`, () => {
      expect(where).not.to.be.empty;
      for (const place of where.flatMap(withoutChoices)) {
        expect(place).to.match(/^(?:[/~]|live_response\/|bodyfile\/)/);
        expect(place.split('/')).not.to.include('..');
        expect(place).not.to.match(/[{}]|[^*]\*\*[^/]|\*\*$/);
      }
      expect(limit).to.match(/^[0-9]+[KMG]i$/);
      expect(why).to.match(/^[A-Z].*\.$/);
      expect(references).not.to.be.empty;
    });

  it('finds the artifact of an item', () => {
    for (const [item, name] of [
      ['[root]/proc/net/tcp6', 'sockets'],
      ['live_response/network/netns/4026532001/udp', 'sockets'],
      ['live_response/network/netns/4026532001', 'sockets'],
      ['live_response/network/netns/4026532001/arp', 'neighbours'],
      ['[root]/proc/self/ns/net', 'sockets'],
      ['[root]/proc/4242/fd/7', 'processes'],
      ...['run/k0s/containerd', 'var/snap/microk8s/common/run/containerd'].map((state) => [
        `[root]/${state}/io.containerd.runtime.v2.task/k8s.io/a/config.json`,
        'specifications of containers',
      ]),
      ['[root]/var/log/wtmp.1', 'login records'],
      ['[root]/var/log/wtmp-20261101', 'login records'],
      ['[root]/var/log/auth.log', 'system logs'],
      ['[root]/var/log/auth.log.1', 'system logs'],
      ['[root]/var/log/auth.log.12.gz', 'system logs'],
      ['[root]/var/log/secure-20261122.gz', 'system logs'],
      ['[root]/var/log/audit/audit.log.4', 'audit trail'],
      ['[root]/var/log/audit/kube-apiserver-audit.log', 'audit log of the API'],
      ['[root]/var/log/kubernetes/audit-2026-11-26T06-40-00.000.log.gz', 'audit log of the API'],
      ['[root]/var/lib/rancher/rke2/server/logs/audit.log', 'audit log of the API'],
      ['[root]/var/log/account/pacct.1.gz', 'process accounting'],
      ['[root]/var/log/pods/a_b_c/web/0.log.20261122-041500', 'logs of containers'],
      ['[root]/home/a/.ssh/authorized_keys', 'keys that let in'],
      ['[root]/etc/crontabs/root', 'cron tables'],
      ['[root]/etc/rc.d/rc3.d/S99x', 'start of shells and machine'],
      ['[root]/run/lock/.x', 'small files where anybody may write'],
    ])
      expect(artifactOf(Buffer.from(item ?? ''))?.name, item).to.equal(name);
    expect(artifactOf(Buffer.from('[root]/etc/motd'))).to.equal(undefined);
  });

  it('knows an audit log of the API elsewhere by the mark of the collector, but no other file', () => {
    const nameOf = (item: string, mark: string): string | undefined =>
      artifactOf(Buffer.from(item), mark)?.name;
    expect(nameOf('[root]/srv/audit.json', apiAuditMark)).to.equal('audit log of the API');
    expect(nameOf('[root]/srv/audit.json', 'log')).to.equal(undefined);
    expect(nameOf('[root]/var/log/auth.log', apiAuditMark)).to.equal('system logs');
  });
});

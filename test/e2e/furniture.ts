import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { parseLogins } from '../../src/artifacts/utmp.ts';
import { itemName, type ItemRecord } from '../../src/evidence/item-record.ts';
import type { AcquisitionReader } from '../../src/evidence/reader.ts';
import { run } from '../cluster/run.ts';

/** Runs a line of shell on the node and returns its stdout. */
type OnNode = (line: string) => Promise<string>;

const limit = 64 * 1024 * 1024;
/** Files of a node of the test cluster (see test/cluster/node/furniture.sh) that change no more once it is up. */
const still = [
  ...['wtmp', 'btmp', 'lastlog', 'faillog', 'auth.log', 'cron.log', 'dpkg.log', 'apt/history.log'].map(
    (name) => `/var/log/${name}`,
  ),
  '/run/utmp',
  ...['passwd', 'ssh/sshd_config', 'sudoers.d/nodeops', 'rsyslog.conf', 'crontab', 'cron.d/node-report'].map(
    (name) => `/etc/${name}`,
  ),
  '/etc/systemd/system/kubelet.service',
  '/etc/systemd/journald.conf.d/node.conf',
  '/etc/kubernetes/manifests/node-agent.yaml',
  '/var/lib/kubelet/config.yaml',
  '/var/spool/cron/crontabs/nodeops',
  '/home/nodeops/.ssh/authorized_keys',
  '/home/nodeops/.bash_history',
] as const;
/** Files that only grow. */
const growing = ['/var/log/syslog', '/var/log/kern.log', '/var/log/kubelet.log', '/var/log/containerd.log'];
const secret = [
  '/etc/shadow',
  '/etc/gshadow',
  '/etc/ssh/ssh_host_ed25519_key',
  '/etc/ssh/ssh_host_ecdsa_key',
];

/** What a node's own programs wrote is in the acquisition byte for byte, readable, and without its secrets. */
export async function expectFurniture(acquisition: AcquisitionReader, onNode: OnNode): Promise<void> {
  const items = new Map(acquisition.items.map((item) => [itemName(item).toString(), item]));
  const taken = (path: string): ItemRecord => {
    const item = items.get(`[root]${path}`);
    if (item === undefined) throw new Error(`${path} was not taken`);
    return item;
  };
  const digests = (await onNode(`sha256sum ${still.join(' ')}`)).split('\n');
  const lengths = growing.map((path) => `head -c ${taken(path).size} ${path} | sha256sum`);
  digests.push(...(await onNode(lengths.join('; '))).split('\n'));
  const expected = digests.filter((line) => line !== '').map((line) => line.split(' ')[0]);
  for (const [index, path] of [...still, ...growing].entries()) {
    expect(taken(path), path).to.include({ outcome: 'ok', sha256: expected[index] });
  }
  for (const path of secret) {
    expect(taken(path), path).to.include({ outcome: 'skipped', artifact: 'secret' });
    expect(taken(path).detail, path).to.match(/^secret, hmac-sha256 [0-9a-f]{64}$/);
    expect(taken(path), path).not.to.have.property('offset');
  }
  const records = [...parseLogins(await acquisition.bytes(taken('/var/log/wtmp'), limit))];
  const logins = records.flatMap((one) =>
    isMalformed(one) ? [] : [[one.type, one.user, one.host].map(String).join(' ')],
  );
  expect(logins).to.have.length(records.length);
  expect(logins.slice(1)).to.deep.equal(['user nodeops 198.51.100.7', 'dead  ']);
  expect(logins[0]).to.match(/^boot reboot \S+$/);
  await expectJournal(acquisition, taken, (await onNode('cat /etc/machine-id')).trim());
}

/** The journal was copied while it was written, and may have been rotated; systemd's own program reads the copies. */
async function expectJournal(
  acquisition: AcquisitionReader,
  taken: (path: string) => ItemRecord,
  machine: string,
): Promise<void> {
  const item = taken(`/var/log/journal/${machine}/system.journal`);
  expect(item.outcome).to.equal('ok');
  const dir = await mkdtemp(join(tmpdir(), 'e2e-journal-'));
  try {
    const place = `[root]/var/log/journal/${machine}/`;
    for (const one of acquisition.items.filter(({ type }) => type === 'file')) {
      const name = itemName(one).toString();
      if (name.startsWith(place) && /^system[^/]*\.journal$/.test(name.slice(place.length)))
        await writeFile(join(dir, name.slice(place.length)), await acquisition.bytes(one, limit));
    }
    const read = (...args: string[]): Promise<string> =>
      run('journalctl', ['--quiet', '--file', `${dir}/*.journal`, '--output', 'cat', ...args]);
    expect(await read('SYSLOG_IDENTIFIER=sshd')).to.include(
      'Accepted publickey for nodeops from 198.51.100.7 port ',
    );
    expect(await read('_SYSTEMD_UNIT=kubelet.service')).to.include('"Kubelet version"');
    expect(await read('_TRANSPORT=kernel')).not.to.equal('');
  } finally {
    await rm(dir, { recursive: true });
  }
}

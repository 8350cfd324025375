import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { processIo } from '../../src/output/io.ts';
import { cluster, kubectl, layout, succeed } from './client.ts';
import { attempt } from './run.ts';

const io = processIo();

describe("test cluster's furniture", function () {
  this.timeout(60_000);

  let begun = 0;

  before(async function () {
    // A cold machine builds for up to ten minutes.
    this.timeout(1_800_000);
    await succeed('down');
    begun = io.now().getTime();
    await succeed('up');
  });

  after(() => cluster(['down']));

  for (const node of ['node-a', 'node-b'])
    describe(`on ${node}`, () => {
      /** What a program says on the node, in UTC and in English; it has to succeed. */
      const onNode = async (line: string): Promise<string> => {
        const outcome = await cluster(['shell', node, 'sh', '-c', `export LC_ALL=C TZ=UTC; ${line}`]);
        expect(outcome.code, `${line}\n${outcome.stdout}${outcome.stderr}`).to.equal(0);
        return outcome.stdout;
      };

      it('has logins in wtmp, btmp, lastlog and utmp', async () => {
        const logins = await onNode('last --fullnames --time-format iso --file /var/log/wtmp');
        expect(words(logins)).to.match(/^nodeops pts\/\d+ 198\.51\.100\.7 \S+ - \S+ \(00:00\)$/m);
        expect(words(logins)).to.match(/^reboot system boot \S+ \S+ still running$/m);
        expect(guesses(await onNode('lastb --fullnames --file /var/log/btmp'))).to.deep.equal([
          'admin ssh:notty 203.0.113.66',
          'nodeops ssh:notty 203.0.113.66',
        ]);
        expect(words(await onNode('lastlog --user nodeops'))).to.match(/^nodeops pts\/\d+ 198\.51\.100\.7 /m);
        expect(words(await onNode('faillog --user nodeops'))).to.match(/^nodeops 0 5 /m);
        // Type, line and state of each record: the boot, and two terminals that nobody uses any more.
        const utmp = await onNode('utmpdump /run/utmp 2>/dev/null');
        expect(utmp.split('\n').filter((line) => line.startsWith('[2]'))).to.have.length(1);
        expect(utmp.split('\n').filter((line) => line.startsWith('[8]'))).to.have.length.above(0);
        expect(utmp).not.to.include('[7]');
      });

      it('has times since the start of the node, in UTC', async () => {
        const logins = await onNode('for file in wtmp btmp; do utmpdump /var/log/$file; done 2>/dev/null');
        const times = [...logins.matchAll(/\[([^[]*)\+00:00\]/g)].map((match) =>
          Date.parse(`${(match[1] ?? '').replace(',', '.').slice(0, 23)}Z`),
        );
        expect(times).to.have.length.above(4);
        for (const time of times) expect(time).to.be.within(begun, io.now().getTime());
        expect(await onNode('head -n 1 /var/log/auth.log; date +%Z')).to.match(
          /^\d{4}-\d\d-\d\dT\S+\+00:00 .*\nUTC\n$/,
        );
      });

      it('has the same in auth.log and in a journal that verifies', async () => {
        const machine = (await onNode('cat /etc/machine-id')).trim();
        const journal = `/var/log/journal/${machine}`;
        // A file that is being written would not verify.
        await onNode(
          `journalctl --rotate && journalctl --quiet --verify --file '${journal}/system@*.journal'`,
        );
        const entries = await journalOf(onNode, journal);
        const auth = await onNode('cat /var/log/auth.log');
        for (const line of [
          'Accepted publickey for nodeops from 198.51.100.7 port ',
          'Failed password for invalid user admin from 203.0.113.66 port ',
          'Failed password for nodeops from 203.0.113.66 port ',
          'COMMAND=/usr/bin/ls -l /etc/kubernetes/manifests',
          'new user: name=nodeops',
        ]) {
          expect(auth).to.include(line);
          expect(entries.filter((entry) => entry.MESSAGE.includes(line), line)).to.have.length(1);
        }
        expect(entries.every((entry) => entry._MACHINE_ID === machine)).to.equal(true);
        expect(entries.every((entry) => entry._HOSTNAME === node)).to.equal(true);
        // Of a process that lives on: journald asks /proc for the unit, and one that has ended is not there.
        const listening = entries.findLast((entry) => entry.MESSAGE.startsWith('Server listening'));
        expect(listening).to.include({ _SYSTEMD_UNIT: 'ssh.service', _COMM: 'sshd', _UID: '0' });
      });

      it('has messages of the kubelet, of cron and of the kernel in its journal and in syslog', async () => {
        const machine = (await onNode('cat /etc/machine-id')).trim();
        const line = (await onNode('dmesg --notime | tail -n 1')).trim();
        await onNode('journalctl --sync');
        const entries = await journalOf(onNode, `/var/log/journal/${machine}`);
        const kubelet = (await onNode('head -n 1 /var/log/kubelet.log')).trim();
        expect(entries.find((entry) => entry.MESSAGE === kubelet)).to.include({
          _SYSTEMD_UNIT: 'kubelet.service',
          SYSLOG_IDENTIFIER: 'kubelet',
        });
        expect(
          entries.find((entry) => entry.MESSAGE === '(root) CMD (uptime -p >/run/node-report)'),
        ).to.include({ _UID: '0', SYSLOG_IDENTIFIER: 'CRON' });
        expect(entries.filter((entry) => entry.MESSAGE === line)).not.to.deep.equal([]);
        expect(await onNode('tail -n 1 /var/log/kern.log')).to.match(/^\S+ node-[ab] kernel: /);
        const syslog = await onNode('cat /var/log/syslog');
        expect(syslog).to.include(kubelet).and.include('CMD (uptime -p >/run/node-report)');
      });

      it('has a database of packages that agrees with its files, and with the machine', async () => {
        for (const name of ['openssh-server', 'openssh-client', 'sudo', 'cron']) {
          expect(await onNode(`dpkg-query -W -f '\${Status}' ${name}`)).to.equal('install ok installed');
        }
        // A line for a file that differs; the node has a configuration of its own for two of these packages.
        const checked = await onNode(
          'dpkg -V openssh-server openssh-client sudo cron cron-daemon-common rsyslog || true',
        );
        expect(checked.trim().split('\n').map(words)).to.have.members([
          '??5?????? c /etc/crontab',
          '??5?????? c /etc/rsyslog.conf',
        ]);
        const base = ['-V', 'bash', 'coreutils', 'dpkg', 'login', 'passwd', 'util-linux'];
        expect(await onNode(`dpkg ${base.join(' ')} || true`)).to.equal((await attempt('dpkg', base)).stdout);
        expect(await onNode('cat /var/log/dpkg.log')).to.match(/ status installed openssh-server:/);
      });

      it('has a user who may come in and become root', async () => {
        expect(await onNode('getent passwd nodeops')).to.match(
          /^nodeops:x:\d+:\d+:Node operator:\/home\/nodeops:\/bin\/bash\n$/,
        );
        expect(await onNode('getent shadow nodeops')).to.match(/^nodeops:\$[^:]{20,}:/);
        // The machine's own users can't come in, and their hashes are not here.
        expect(await onNode('awk -F: \'$1 != "nodeops" { print $2 }\' /etc/shadow | sort -u')).to.equal(
          '*\n',
        );
        const keys = await onNode('cat /home/nodeops/.ssh/authorized_keys');
        expect(keys).to.match(
          /^from="198\.51\.100\.0\/24",no-agent-forwarding ssh-ed25519 \S+ nodeops@bastion\n$/,
        );
        expect(await onNode('ssh-keygen -l -f /home/nodeops/.ssh/authorized_keys')).to.include('(ED25519)');
        await onNode('sshd -t && visudo -c -q');
        expect(await onNode('sshd -T')).to.include('permitrootlogin without-password\n');
        expect(await onNode('sudo -l -U nodeops')).to.include('(ALL : ALL) NOPASSWD: ALL');
        expect(await onNode('cat /home/nodeops/.bash_history')).to.include(
          'sudo ls -l /etc/kubernetes/manifests',
        );
      });

      it('has jobs and units', async () => {
        const table = await onNode('crontab -l -u nodeops');
        expect(table).to.equal('*/10 * * * * df -h / >disk.txt\n');
        // crontab refuses what it can't parse. A table of the system has a user in its sixth field.
        await onNode(`echo '${table.trim()}' | crontab -n -`);
        await onNode("sed -E 's/\\troot\\t/\\t/' /etc/cron.d/node-report /etc/crontab | crontab -n -");
        expect(await onNode('systemctl is-enabled kubelet.service ssh.service')).to.equal(
          'enabled\nenabled\n',
        );
        const unit = await onNode('cat /etc/systemd/system/kubelet.service');
        const command = /^ExecStart=\S+\/kubelet (.*) --hostname-override/m.exec(unit)?.[1] ?? '';
        const running = await onNode("tr '\\0' ' ' </proc/$(busybox pidof kubelet)/cmdline");
        expect(command).to.include('--config ');
        expect(running).to.include(command);
      });

      it('has a static pod that the API server shows', async () => {
        const name = `pod/node-agent-${node}`;
        const inSystem = ['-n', 'kube-system'];
        await kubectl([...inSystem, 'wait', '--for=condition=Ready', name, '--timeout=60s']);
        const pod = JSON.parse(await kubectl([...inSystem, 'get', name, '-o', 'json'])) as {
          metadata: { annotations: Record<string, string> };
          spec: { nodeName: string };
        };
        expect(pod.spec.nodeName).to.equal(node);
        expect(pod.metadata.annotations).to.include({ 'kubernetes.io/config.source': 'file' });
        expect(pod.metadata.annotations).to.have.property('kubernetes.io/config.mirror');
        expect(await onNode('cat /etc/kubernetes/manifests/*')).to.include('name: node-agent\n');
      });
    });

  describe('audit log', () => {
    const secret = 'c2VjcmV0IHRoYXQgaXMgaW4gbm8gbG9n';

    before(async () => {
      await kubectl(['create', 'namespace', 'audited']);
      const items = objects(secret);
      await kubectl(
        ['create', '-n', 'audited', '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      );
      await kubectl(['create', 'token', 'default', '-n', 'audited']);
      await kubectl(['get', 'secret,pod', '-n', 'audited', '-o', 'name']);
    });

    it('has whole requests and answers for policies, rights and workloads', async () => {
      const entries = await auditOf('audited');
      for (const resource of ['networkpolicies', 'roles', 'rolebindings', 'pods', 'deployments', 'jobs']) {
        const created = entries.find(
          (entry) => entry.verb === 'create' && entry.objectRef.resource === resource,
        );
        expect(created, resource).to.include({ level: 'RequestResponse', stage: 'ResponseComplete' });
        expect(created?.requestObject?.kind, resource).to.equal(created?.responseObject?.kind);
        expect(created?.responseObject?.metadata?.name, resource).to.match(/^audited/);
      }
      const webhook = (await auditOf(undefined)).find(
        (entry) => entry.verb === 'create' && entry.objectRef.resource === 'validatingwebhookconfigurations',
      );
      expect(webhook).to.include({ level: 'RequestResponse' }).and.have.property('requestObject');
    });

    it('has who did what for everything else, and nothing of what was said', async () => {
      const entries = await auditOf('audited');
      for (const [verb, resource] of [
        ['create', 'secrets'],
        ['list', 'secrets'],
        ['create', 'serviceaccounts/token'],
        ['create', 'configmaps'],
        ['list', 'pods'],
      ] as const) {
        const found = entries.filter(
          ({ objectRef, verb: did }) =>
            did === verb &&
            [objectRef.resource, objectRef.subresource].filter(Boolean).join('/') === resource,
        );
        expect(found, `${verb} ${resource}`).not.to.deep.equal([]);
        for (const entry of found) {
          expect(entry).to.include({ level: 'Metadata' });
          expect(entry).not.to.have.any.keys('requestObject', 'responseObject');
          expect(entry.user.username).to.be.a('string');
        }
      }
    });

    it("never has a Secret's body or a token", async () => {
      const log = await readFile(join(layout.logs, 'audit.log'), 'utf8');
      expect(log).to.include('"name":"audited-secret"');
      expect(log).not.to.include(secret);
      expect(log).not.to.include(Buffer.from(secret, 'base64').toString());
      // Any JWT begins so: base64url of '{"alg":'.
      expect(log).not.to.include('eyJhbGciOi');
    });
  });
});

const words = (text: string): string => text.replace(/[ \t]+/g, ' ').replace(/ $/gm, '');

/** Who tried, from where: user, terminal and address of the lines of lastb, each once. */
function guesses(listing: string): string[] {
  const lines = words(listing).split('\n');
  const tries = lines.filter((line) => line.includes('ssh:notty')).map((line) => line.split(' ').slice(0, 3));
  return [...new Set(tries.map((line) => line.join(' ')))].sort();
}

interface JournalEntry {
  readonly MESSAGE: string;
  readonly [field: string]: string | undefined;
}

/** Entries of a journal; a message that is no text is left out. */
async function journalOf(
  onNode: (line: string) => Promise<string>,
  directory: string,
): Promise<JournalEntry[]> {
  const lines = await onNode(`journalctl --quiet --all --output json --directory ${directory}`);
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalEntry)
    .filter((entry) => typeof entry.MESSAGE === 'string');
}

interface AuditEntry {
  readonly level: string;
  readonly stage: string;
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef: {
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
  };
  readonly requestObject?: { readonly kind: string };
  readonly responseObject?: { readonly kind: string; readonly metadata?: { readonly name?: string } };
}

/** Entries about objects of a namespace, or of none. */
async function auditOf(namespace: string | undefined): Promise<AuditEntry[]> {
  const lines = (await readFile(join(layout.logs, 'audit.log'), 'utf8')).trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as Omit<AuditEntry, 'objectRef'> & Partial<Pick<AuditEntry, 'objectRef'>>)
    .flatMap(({ objectRef, ...entry }) => (objectRef === undefined ? [] : [{ ...entry, objectRef }]))
    .filter((entry) => entry.objectRef.namespace === namespace);
}

/** One object of each kind that is audited in its own way; none of them runs anything. */
function objects(secret: string): object[] {
  const named = (apiVersion: string, kind: string, rest: object): object => ({
    apiVersion,
    kind,
    metadata: { name: `audited-${kind.toLowerCase()}` },
    ...rest,
  });
  const labels = { app: 'audited' };
  const spec = { schedulerName: 'nobody', containers: [{ name: 'c', image: 'lab.local/pause:1' }] };
  const rbac = 'rbac.authorization.k8s.io';
  return [
    named('v1', 'Secret', { data: { password: secret } }),
    named('v1', 'ConfigMap', { data: { colour: 'blue' } }),
    named('v1', 'Pod', { spec }),
    named('apps/v1', 'Deployment', {
      spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    }),
    named('batch/v1', 'Job', {
      spec: { suspend: true, template: { spec: { ...spec, restartPolicy: 'Never' } } },
    }),
    named('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {} } }),
    named(`${rbac}/v1`, 'Role', { rules: [] }),
    named(`${rbac}/v1`, 'RoleBinding', {
      roleRef: { apiGroup: rbac, kind: 'Role', name: 'audited-role' },
      subjects: [{ kind: 'ServiceAccount', name: 'default' }],
    }),
    named('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', { webhooks: [] }),
  ];
}

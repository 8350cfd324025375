import { getEventListeners } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { resolveConnection } from '../../src/cluster/connection.ts';
import { parsePluginOutput, pluginCredentials } from '../../src/cluster/exec-plugin.ts';
import type { ExecPlugin } from '../../src/cluster/kubeconfig.ts';
import { parseKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { InterruptedError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const apiVersion = 'client.authentication.k8s.io/v1';
const printed = (status: object) => JSON.stringify({ kind: 'ExecCredential', apiVersion, status });
const connection = resolveConnection(
  parseKubeconfig(
    `
current-context: x
contexts: [{name: x, context: {cluster: c}}]
clusters:
- name: c
  cluster:
    server: https://h:6443
    certificate-authority-data: aGk=
    tls-server-name: sni
    extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: a}}]
`,
    '/k',
  ),
  {},
);

describe('pluginCredentials', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'plugin-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  /** A plugin that counts its runs in `runs`, keeps what it was given in `info`, and does `body`. */
  const plugin = async (body: string, changes: Partial<ExecPlugin> = {}): Promise<ExecPlugin> => {
    const command = path.join(dir, 'login');
    await writeFile(
      command,
      `#!/bin/sh\ncd ${dir}\necho run >>runs\nprintf %s "$KUBERNETES_EXEC_INFO" >info\n${body}\n`,
    );
    await chmod(command, 0o755);
    return {
      command,
      args: [],
      env: {},
      apiVersion,
      provideClusterInfo: false,
      interactiveMode: 'IfAvailable',
      ...changes,
    };
  };
  const credentials = (chosen: ExecPlugin, io: Io = memoryIo({ env: { PATH: '/usr/bin:/bin' } })) =>
    pluginCredentials(chosen, connection, io);
  const runs = async () => (await readFile(path.join(dir, 'runs'), 'utf8')).split('\n').length - 1;
  const info = async () => JSON.parse(await readFile(path.join(dir, 'info'), 'utf8')) as unknown;
  const echo = (status: object) => `cat <<'END'\n${printed(status)}\nEND`;

  it('runs once for all that wait, with arguments and environment as they are', async () => {
    const chosen = await plugin(`printf '%s' '${printed({ token: 'X' })}' | sed "s/X/$1-$A/"`, {
      args: ['a;b'],
      env: { A: 'c' },
    });
    const source = credentials(chosen);
    expect(await Promise.all([source.authorization(), source.authorization()])).to.deep.equal([
      'Bearer a;b-c',
      'Bearer a;b-c',
    ]);
    expect(await source.certificate()).to.equal(undefined);
    expect(await runs()).to.equal(1);
  });

  it('tells the plugin of the cluster only when it wants to know', async () => {
    await credentials(await plugin(echo({ token: 't' }))).authorization();
    expect(await info()).to.deep.equal({ kind: 'ExecCredential', apiVersion, spec: { interactive: false } });
    await credentials(await plugin(echo({ token: 't' }), { provideClusterInfo: true })).authorization();
    expect(await info()).to.deep.equal({
      kind: 'ExecCredential',
      apiVersion,
      spec: {
        interactive: false,
        cluster: {
          server: 'https://h:6443',
          'tls-server-name': 'sni',
          'certificate-authority-data': 'aGk=',
          config: { audience: 'a' },
        },
      },
    });
  });

  it('runs again when the credential has expired or was refused', async () => {
    let clock = Date.parse('2026-01-01T00:00:00Z');
    const io = memoryIo({ now: () => new Date(clock), env: { PATH: '/usr/bin:/bin' } });
    const status = { token: 't', expirationTimestamp: '2026-01-01T01:00:00Z' };
    const source = credentials(await plugin(echo(status)), io);
    await source.authorization();
    await source.authorization();
    expect(await runs()).to.equal(1);
    clock += 3_600_000;
    await source.authorization();
    expect(await runs()).to.equal(2);
    expect(source.refresh()).to.equal(true);
    await source.authorization();
    expect(await runs()).to.equal(3);
  });

  it('gives certificates', async () => {
    const status = { clientCertificateData: 'CERT', clientKeyData: 'KEY' };
    const source = credentials(await plugin(echo(status)));
    expect(await source.certificate()).to.deep.equal({ cert: Buffer.from('CERT'), key: Buffer.from('KEY') });
    expect(await source.authorization()).to.equal(undefined);
  });

  it('passes on what the plugin says to people, and its failure', async () => {
    const io = memoryIo({ env: { PATH: '/usr/bin:/bin' } });
    const source = credentials(await plugin('echo "log in at https://x" >&2; exit 3'), io);
    const error = await failureOf(source.authorization());
    expect(error.message).to.match(
      /^Unable to connect to the server: getting credentials: exec: executable .*login failed with exit code 3$/,
    );
    expect(io.err()).to.equal('log in at https://x\n');
    await failureOf(source.authorization());
    expect(await runs()).to.equal(2);
  });

  it('says what to install when the plugin is missing', async () => {
    const chosen = await plugin('', { command: 'no-such-plugin', installHint: 'see https://x' });
    expect(await failureOf(credentials(chosen).authorization())).to.include({
      message:
        'Unable to connect to the server: getting credentials: exec: executable no-such-plugin not found',
      advice: 'see https://x',
    });
  });

  it('does not start one that needs a terminal when there is none', async () => {
    const chosen = await plugin('', { interactiveMode: 'Always' });
    expect((await failureOf(credentials(chosen).authorization())).message).to.match(
      /cannot support interactive mode: standard input is not a terminal$/,
    );
  });

  it('stops one that prints without end', async () => {
    const error = await failureOf(credentials(await plugin('exec yes')).authorization());
    expect(error.message).to.match(/printed more than 1 MiB$/);
  });

  /** Pid of the plugin, as soon as it wrote it down. */
  const pidOf = async (): Promise<number> => {
    for (;;) {
      const text = await readFile(path.join(dir, 'pid'), 'utf8').catch(() => '');
      if (text.endsWith('\n')) return Number(text);
      await delay(10);
    }
  };
  const isOver = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  const login = 'echo $$ >pid.new; mv pid.new pid; exec sleep 60';

  it('ends one that waits for a login when the last request that waits for it is interrupted', async () => {
    const source = credentials(await plugin(login));
    const [one, two] = [new AbortController(), new AbortController()];
    const [first, second] = [source.authorization(one.signal), source.certificate(two.signal)];
    const [firstFailure, secondFailure] = [failureOf(first), failureOf(second)];
    const pid = await pidOf();
    one.abort(new InterruptedError('stopped by SIGINT'));
    expect(await firstFailure).to.be.instanceOf(InterruptedError);
    expect(isOver(pid)).to.equal(false);
    two.abort(new InterruptedError('stopped by SIGTERM'));
    expect((await secondFailure).message).to.equal('stopped by SIGTERM');
    while (!isOver(pid)) await delay(10);
    expect(await runs()).to.equal(1);
    expect(await failureOf(source.authorization(one.signal))).to.be.instanceOf(InterruptedError);
    expect(await runs()).to.equal(1);
  });

  it('runs one anew that was ended, and leaves the signal alone when it came to its end', async () => {
    const chosen = await plugin(`[ -e again ] || { touch again; ${login}; }\n${echo({ token: 't' })}`);
    const source = credentials(chosen);
    const interrupt = new AbortController();
    const failed = failureOf(source.authorization(interrupt.signal));
    await pidOf();
    interrupt.abort(new InterruptedError('stopped by SIGINT'));
    await failed;
    const { signal } = new AbortController();
    expect(await source.authorization(signal)).to.equal('Bearer t');
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
    expect(await runs()).to.equal(2);
  });

  it('refuses a configuration that cannot work', async () => {
    const wrong: [Partial<ExecPlugin>, RegExp][] = [
      [{ command: '' }, /command must be specified/],
      [{ apiVersion: 'x/v1' }, /invalid apiVersion "x\/v1"/],
      [{ interactiveMode: undefined }, /interactiveMode must be specified/],
      [{ interactiveMode: 'Sometimes' }, /invalid interactiveMode "Sometimes"/],
    ];
    for (const [changes, message] of wrong) {
      const chosen = await plugin('', changes);
      expect(() => credentials(chosen)).to.throw(message);
    }
  });
});

describe('parsePluginOutput', () => {
  const wrong = [
    ['secret', /what it printed is not JSON$/],
    ['null', /what it printed is not JSON$/],
    [
      JSON.stringify({ kind: 'ExecCredential', apiVersion: 'v0', status: {} }),
      /API version .*v1, plugin returned version v0$/,
    ],
    [JSON.stringify({ kind: 'ExecCredential', apiVersion }), /didn't return a status field$/],
    [printed({}), /didn't return a token or cert\/key pair$/],
    [printed({ token: 7 }), /didn't return a token/],
    [printed({ clientKeyData: 'K' }), /only certificate or key, not both$/],
    [printed({ token: 't', expirationTimestamp: 'soon' }), /expirationTimestamp that is no time$/],
  ] as const;
  for (const [output, message] of wrong) {
    it(`refuses ${output.slice(0, 70)}`, () => {
      expect(() => parsePluginOutput(output, apiVersion)).to.throw(message);
    });
  }
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connect } from '../../src/cluster/connect.ts';
import type { GlobalConnection } from '../../src/cluster/connection.ts';
import { processIo } from '../../src/output/io.ts';
import { attempt } from '../cluster/run.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

/** Nothing listens on these ports of loopback, so that the error names the server that was chosen. */
const files: Record<string, string> = {
  first: `
contexts: [{name: one, context: {cluster: c, user: u}}, {name: two, context: {cluster: d, user: u}}]
clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: u, user: {token: first}}]
`,
  second: `
current-context: two
contexts: [{name: one, context: {cluster: d, user: u}}]
clusters: [{name: c, cluster: {server: "http://127.0.0.1:2"}}, {name: d, cluster: {server: "127.0.0.1:3"}}]
users: [{name: u, user: {token: second}}]
`,
  third: 'current-context: one\n',
  wrong: 'current-context: gone\n',
  broken:
    'contexts: [{name: x, context: {cluster: c}}]\nusers: [{name: u, user: {client-certificate: nope}}]\n',
};

/** What `kubectl get --raw /version` and our own client say, with the same environment and flags. */
describe('kubectl and kubectl ir choose the same server', function () {
  this.timeout(30_000);
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kubectl-rules-'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  });
  after(() => rm(dir, { recursive: true }));

  const theirs = async (env: Record<string, string>, flags: GlobalConnection): Promise<string> => {
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${String(value)}`);
    const PATH = processIo().env['PATH'] ?? '';
    const { stderr } = await attempt('kubectl', ['get', '--raw', '/version', ...args], {
      env: { PATH, ...env },
    });
    return stderr.trim().replace(/^error: /, '');
  };
  const ours = async (env: Record<string, string>, flags: GlobalConnection): Promise<string> => {
    const asked = connect(memoryIo({ env }), flags).then(async (api) => api.json({ path: '/version' }));
    return (await failureOf(asked)).message;
  };

  const cases: [string[], GlobalConnection, string][] = [
    [['first', 'second', 'third'], {}, '127.0.0.1:3'],
    [['second', 'first'], {}, '127.0.0.1:3'],
    [['third', 'second', 'first'], {}, '127.0.0.1:3'],
    [['third', 'first', 'second'], {}, '127.0.0.1:1'],
    [['missing', 'first', '', 'first', 'second'], { context: 'one' }, '127.0.0.1:1'],
    [['first', 'second'], { cluster: 'c' }, '127.0.0.1:1'],
    [['first', 'second'], { server: 'http://127.0.0.1:4' }, '127.0.0.1:4'],
    [['first', 'second'], { server: '127.0.0.1:4', token: 'x' }, '127.0.0.1:4'],
    [['missing'], {}, 'localhost:8080'],
    [[], {}, 'localhost:8080'],
    [[], { token: 'x' }, 'localhost:8080'],
    [['first', 'second'], { user: 'gone' }, 'auth info "gone" does not exist'],
    [['first', 'second'], { cluster: 'gone' }, 'cluster "gone" does not exist'],
    [
      ['first', 'second'],
      { 'as-uid': '7' },
      'requesting uid, groups or user-extra for u without impersonating',
    ],
    [['first', 'second'], { 'request-timeout': '1x' }, 'Timeout must be a single integer in seconds'],
  ];
  for (const [list, flags, said] of cases) {
    it(`KUBECONFIG=${list.join(':')} ${JSON.stringify(flags)}: ${said}`, async () => {
      const paths = list.map((name) => (name === '' ? '' : join(dir, name)));
      const env = {
        HOME: join(dir, 'nobody'),
        ...(list.length === 0 ? {} : { KUBECONFIG: paths.join(':') }),
      };
      const [a, b] = [await theirs(env, flags), await ours(env, flags)];
      expect(b.toLowerCase()).to.equal(a.toLowerCase());
      expect(b).to.include(said);
    });
  }

  it('asks for the file of --kubeconfig to be there', async () => {
    const flags = { kubeconfig: join(dir, 'missing') };
    expect(await ours({}, flags)).to.equal(await theirs({}, flags));
  });

  it('refuses what kubectl refuses, in words of its own', async () => {
    for (const [name, flags] of [
      ['wrong', {}],
      ['broken', { context: 'x', user: 'u', server: 'https://127.0.0.1:1' }],
    ] as const) {
      const env = { HOME: dir, KUBECONFIG: join(dir, name) };
      expect(await theirs(env, flags)).to.match(/configuration|must be specified|unable to read/i);
      expect(await ours(env, flags)).to.match(/does not exist$|must be specified|unable to read/);
    }
  });
});

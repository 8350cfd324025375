import { readdir, readFile, rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { kinds } from '../../src/artifacts/kinds.ts';
import { splitNul } from '../../src/artifacts/nul-list.ts';
import { itemName } from '../../src/evidence/item-record.ts';
import { type AcquisitionReader, openAcquisition } from '../../src/evidence/reader.ts';
import { run } from '../cluster/run.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { dissectPackages, runPython } from '../support/python.ts';
import { requires } from '../support/requires.ts';
import { kubectlIr, nodeNames } from './support/world.ts';

type Row = Readonly<Record<string, unknown>>;

const limit = 64 * 1024 * 1024;
const [node = ''] = await nodeNames();

describe('kubectl ir show', function () {
  this.timeout(300_000);
  requires(this, image('collector'), nodeShell());
  let dir: string;
  let tar: string;
  let acquisition: AcquisitionReader;
  let dissect: Readonly<Record<string, readonly string[]>>;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-show-'));
    const flags = ['--case', dir, '--collector-image', imageOf('collector')];
    const { code, stderr } = await kubectlIr(['snapshot', 'node', node, ...flags]);
    expect(code, stderr).to.be.oneOf([0, 3]);
    const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
    acquisition = await openAcquisition(join(dir, 'data/acquisitions', name));
    tar = join(acquisition.dir, acquisition.info.tar.name);
    const packages = await dissectPackages();
    const program = await readFile(join(import.meta.dirname, 'support/ask-dissect.py'), 'utf8');
    dissect = JSON.parse(await runPython(packages.join(':'), program, [tar])) as typeof dissect;
  });
  after(() => rm(dir, { recursive: true, force: true }));

  /** The records of a kind, as JSON has them. */
  async function shown(kind: string): Promise<Row[]> {
    const { code, stdout, stderr } = await kubectlIr(['show', dir, kind, '-o', 'json']);
    expect(code, stderr).to.be.oneOf([0, 3]);
    return (JSON.parse(stdout) as { items: Row[] }).items;
  }

  function expectSame(plugin: string, rows: readonly string[]): void {
    const theirs = dissect[plugin] ?? [];
    const missing = theirs.filter((row) => !rows.includes(row));
    const extra = rows.filter((row) => !theirs.includes(row));
    expect({ missing, extra }, plugin).to.deep.equal({ missing: [], extra: [] });
    expect(rows, plugin).to.have.length(theirs.length);
  }

  for (const { name } of kinds)
    it(`prints ${name} as a table, and nothing that steers a terminal`, async () => {
      const { code, stdout, stderr } = await kubectlIr(['show', dir, name, '-o', 'wide']);
      expect(code, stderr).to.be.oneOf([0, 3]);
      expect(stdout + stderr).not.to.match(/[^\P{Cc}\n]/u);
    });

  it('gives the rows of dissect for the node and its accounts', async () => {
    expect(dissect['target']).to.deep.equal([`linux|${node}`]);
    expectSame(
      'users',
      (await shown('accounts')).map((one) =>
        line(one['name'], one['uid'], one['gid'], one['home'], one['shell']),
      ),
    );
  });

  it('gives the rows of dissect for processes and their command lines', async () => {
    const rows = await shown('processes');
    expectSame(
      'processes',
      rows.map((one) => line(one['pid'], text(member(one, 'stat'), 'comm'), member(one, 'stat')['ppid'])),
    );
    expectSame(
      'cmdline',
      rows.map((one) => line(one['pid'], texts(one, 'arguments').join(' '))),
    );
  });

  it('gives the rows of dissect for environments', async () => {
    const rows: string[] = [];
    for (const item of acquisition.items) {
      const pid = /^\[root\]\/proc\/([0-9]+)\/environ$/.exec(itemName(item).toString())?.[1];
      if (pid === undefined || item.offset === undefined) continue;
      for (const entry of splitNul(await acquisition.bytes(item, limit))) {
        if (entry.length === 0) continue;
        // What has no `=` is a value without a name there.
        const equals = entry.indexOf('=');
        const name = entry.subarray(0, Math.max(equals, 0));
        rows.push(line(pid, name, entry.subarray(equals + 1)));
      }
    }
    expectSame('environ', rows);
  });

  it('gives the rows of dissect for sockets of the node', async () => {
    const [first] = (await shown('processes')).filter((one) => one['pid'] === 1);
    const namespace = member(first ?? {}, 'namespaces')['net'];
    const own = (await shown('sockets')).filter((one) => one['namespace'] === namespace);
    // A row for each holder there, and none where nobody holds the socket.
    for (const protocol of ['tcp', 'tcp6', 'udp', 'udp6'])
      expectSame(
        protocol,
        own
          .filter(({ family }) => family === protocol)
          .flatMap((one) => {
            const ends = ['family', 'localAddress', 'localPort', 'remoteAddress', 'remotePort', 'inode'];
            const pids = one['inode'] === 0 ? [0] : (one['pids'] as number[]);
            return pids.map((pid) => line(...ends.map((name) => one[name]), pid));
          }),
      );
    expectSame(
      'unix',
      own.filter(({ family }) => family === 'unix').map((one) => line(one['inode'], text(one, 'path'))),
    );
    expect(own.length).to.be.above(5);
  });

  it('gives the rows of dissect for logins', async () => {
    const names: Readonly<Record<string, string>> = {
      boot: 'BOOT_TIME',
      user: 'USER_PROCESS',
      dead: 'DEAD_PROCESS',
      login: 'LOGIN_PROCESS',
    };
    const rows = await shown('logins');
    for (const file of ['wtmp', 'btmp'])
      expectSame(
        file,
        rows
          .filter((one) => member(one, 'item')['name'] === `[root]/var/log/${file}`)
          .map((one) =>
            line(
              `${Number(one['seconds'])}000000`,
              names[String(one['type'])],
              text(one, 'user'),
              one['pid'],
              text(one, 'line'),
              text(one, 'host'),
            ),
          ),
      );
  });

  it('gives the rows of dissect for modules, or both have none', async () => {
    const rows = (await shown('modules')).map((one) => line(one['name'], one['size']));
    if (rows.length > 0) expectSame('modules', rows);
    else expect(dissect['modules']?.[0]).to.contain('Unsupported function `sysmodules`');
  });

  it('gives the rows of dissect for journal, system log, cron and services', async () => {
    expectSame(
      'journal',
      (await shown('journal')).map((one) => {
        const fields = member(one, 'fields');
        // dissect takes blanks off the end of a field; the next test sees that ours is what the journal has.
        return line(micros(String(one['time'])), text(fields, '_PID'), text(fields, 'MESSAGE').trimEnd());
      }),
    );
    const ofAuth = (one: Row): boolean => String(member(one, 'item')['name']).includes('auth.log');
    expectSame(
      'authlog',
      (await shown('syslog'))
        .filter(ofAuth)
        .map((one) => line(text(one, 'program'), one['pid'], text(one, 'message').trim())),
    );
    expectSame(
      'cronjobs',
      (await shown('cron'))
        .filter((one) => one['kind'] === 'job' && !String(one['schedule']).startsWith('@'))
        .map((one) => line(...String(one['schedule']).split(' '), text(one, 'command'))),
    );
    const services = (await shown('units')).flatMap((one) => {
      const path = String(member(one, 'item')['name']).replace('[root]', '');
      const settings = (one['settings'] ?? []) as Row[];
      const starts = settings.filter(({ name }) => name === 'ExecStart').map((each) => text(each, 'value'));
      // Several are a list of dissect, in Python's way of writing one.
      const all = starts.length > 1 ? `[${starts.map((each) => `'${word(each)}'`).join(', ')}]` : starts[0];
      return path.endsWith('.service') && all !== undefined ? [line(path, all)] : [];
    });
    // Links to units are rows of dissect too.
    const files = new Set(
      acquisition.items.filter(({ type }) => type === 'file').map((item) => String(itemName(item))),
    );
    const theirs = (dissect['services'] ?? []).filter((row) => files.has(`[root]${row.split('|')[0] ?? ''}`));
    expect(services.filter((row) => !row.startsWith('/run/')).sort()).to.deep.equal(
      theirs.filter((row) => !row.endsWith('|')).sort(),
    );
    expect(theirs).not.to.be.empty;
  });

  it('reads the journal that was being written as journalctl does', async () => {
    let entries = 0;
    for (const item of acquisition.items.filter(({ name }) =>
      /^\[root\]\/var\/log\/journal\/.*\.journal$/.test(name),
    )) {
      const file = join(dir, 'copy.journal');
      await writeFile(file, await acquisition.bytes(item, limit));
      const printed = await run('journalctl', ['--quiet', '--file', file, '--output', 'json', '--all']);
      const theirs = printed
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => JSON.parse(text) as Row)
        .map((one) =>
          line(one['__REALTIME_TIMESTAMP'], one['__MONOTONIC_TIMESTAMP'], one['_BOOT_ID'], one['_PID']),
        );
      const ours = (await shown('journal'))
        .filter((one) => (one['item'] as Row)['name'] === item.name)
        .map((one) =>
          line(
            micros(String(one['time'])),
            one['monotonic'],
            one['boot'],
            text(member(one, 'fields'), '_PID'),
          ),
        );
      expect(ours).to.deep.equal(theirs);
      entries += ours.length;
      await rm(file);
    }
    // A file that was begun just now has none.
    expect(entries).to.be.above(0);
  });
});

function line(...values: readonly unknown[]): string {
  return values.map(word).join('|');
}

function word(value: unknown): string {
  return Buffer.isBuffer(value) || typeof value === 'string' || typeof value === 'number'
    ? value.toString()
    : '';
}

function member(row: Row, key: string): Row {
  return (row[key] ?? {}) as Row;
}

/** A text as it was, whatever was escaped in it. */
function text(row: Row, key: string): string {
  const bytes = row[`${key}Bytes`];
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64').toString() : word(row[key]);
}

function texts(row: Row, key: string): string[] {
  const bytes = row[`${key}Bytes`] as string[] | undefined;
  return (
    bytes?.map((one) => Buffer.from(one, 'base64').toString()) ?? (row[key] as string[] | undefined) ?? []
  );
}

function micros(time: string): string {
  return `${Date.parse(`${time.slice(0, 19)}Z`) / 1000}${time.slice(20, -1)}`;
}

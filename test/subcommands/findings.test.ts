import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packCase } from '../../src/evidence/archive.ts';
import { openCase } from '../../src/evidence/case.ts';
import { rules } from '../../src/findings/rules.ts';
import { command } from '../../src/subcommands/findings.ts';
import { uid } from '../containment/subjects.ts';
import { caseWith } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { containerMountTable, cleanNode, processItems, web } from '../findings/traces-lab.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { runCommand } from './case/run.ts';

/** A clean node, and in its container a shell that is open to somewhere and says it with control characters. */
const shell = {
  ...cleanNode(),
  ...processItems(10, {
    in: web,
    exe: '/bin/busybox',
    args: ['sh\u001b[2J', '-i'],
    fd: { 0: 'socket:[77]', 1: 'socket:[77]' },
    mounts: containerMountTable(),
  }),
  '[root]/proc/10/net/tcp':
    'sl a b c d e f g h i\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\nno row\n',
} as Parameters<typeof caseWith>[1];

interface FindingList {
  readonly items: readonly { readonly rule: string; readonly severity: string }[];
  readonly notJudged: readonly { readonly rule: string; readonly reason: string }[];
  readonly incomplete: readonly object[];
  readonly malformed: number;
}

/** What the command prints of a case that is damaged; it fails by that. */
async function damaged(dir: string, flags: object = {}): Promise<{ out: string; err: string }> {
  const io = memoryIo();
  const failure = await failureOf(runCommand(command, [dir], { ...flags }, io));
  expect(failure.name, failure.message).to.equal('VerificationError');
  return { out: io.out(), err: io.err() };
}

describe('findings', () => {
  it('shows what needs somebody at once with evidence, doubt and next steps, escaped', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, shell);
      const { code, out, err } = await runCommand(command, [dir]);
      expect(out).to.match(
        /^SEVERITY +SURE +FINDING +SUBJECT +RULE\nCRITICAL +high .* prod\/web\/main pid 10 started 11-25 19:38:20\.00 +reverse-shell\n/,
      );
      expect(out).to.match(/^ {3}seen {7}open to 10\.244\.2\.3:4444$/m);
      expect(out).to.match(
        /^ {3}evidence {3}\S+-node-node-a #\d+ \[root\]\/proc\/10\/stat: pid 10 runs \/bin\/busybox: sh\\x1b\[2J -i/m,
      );
      expect(out).to.match(/^ {3}sure {7}high; it would be refuted by: /m);
      expect(out).to.match(/^ {3}next {7}kubectl ir isolate web -n prod$/m);
      const judged = `${rules.length - 1} of ${rules.length} judgements made on node-a`;
      expect(out).to.contain(`1 critical; ${judged}, 1 rule not judged (not collected)\n`);
      expect(code).to.equal(0);
      expect(err.split('\n')).to.deep.equal([
        `warning: not judged: program-unlike-other-nodes on node-a: the case has digests of programs of 1 node, and 4 are needed; collect it with: kubectl ir snapshot node --all-nodes --profile full --case ${dir}`,
        'warning: pieces of the evidence that are no records and were left out: 1',
        '',
      ]);
    }));

  it('sends nobody to isolate what the case says is isolated, from its archive neither', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await caseWith(place, shell);
      const opened = await openCase(memoryIo(), { dir: place, target: '' });
      const pod = { namespace: 'prod', name: 'web', uid, node: 'node-a' };
      const record = { version: 1, pod, created: '2026-11-22T04:15:00.000Z', acts: [{ kind: 'cut' }] };
      const isolation = { actions: [{ kind: 'cut', outcome: 'done' }], verification: {} };
      const act = { action: 'isolate', object: 'pod/web in namespace prod' };
      await opened.custody.append({ ...act, result: 'planned', details: { uid, record } });
      await opened.custody.append({ ...act, result: 'HOLDS', details: { uid, isolation } });
      await opened.close();
      const { path } = await packCase(memoryIo(), place, {
        format: 'tar.gz',
        signal: new AbortController().signal,
      });
      for (const from of [place, path]) {
        const { out } = await runCommand(command, [from]);
        expect(out)
          .to.match(/^ {3}next {7}kubectl ir status$/m)
          .and.not.contain('kubectl ir isolate');
      }
    }));

  it('prints data by its schema, the same each time', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, shell, { '[root]/etc/passwd': '' });
      const text = readFileSync(new URL('../../schema/finding-list.json', import.meta.url), 'utf8');
      const validate = new Ajv2020({ strict: true }).compile(JSON.parse(text) as object);
      const { out, code } = await runCommand(command, [dir], { output: 'json' });
      const list = JSON.parse(out) as FindingList;
      expect(validate(list), JSON.stringify(validate.errors)).to.equal(true);
      expect(validate({ ...list, more: 1 })).to.equal(false);
      expect(list.items.map(({ rule }) => rule)).to.deep.equal(['reverse-shell']);
      // The second node has nothing but a file that no rule reads: nothing is said of it, and one node is no fleet.
      const apart = rules.filter(({ nodes }) => nodes !== undefined);
      expect(list.notJudged).to.have.length(rules.length + apart.length);
      expect([list.malformed, code]).to.deep.equal([1, 3]);
      expect((await runCommand(command, [dir], { output: 'json' })).out).to.equal(out);
      expect((await runCommand(command, [dir], { output: 'name' })).out).to.equal(
        'finding/reverse-shell/node-a/prod/web/main pid 10 started 11-25 19:38:20.00\n',
      );
    }));

  it('says what is not judged and how to judge it, and never that nothing is wrong', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { '[root]/etc/passwd': '' });
      const { code, out, err } = await runCommand(command, [dir], {
        rule: ['reverse-shell', 'hidden-process'],
      });
      expect(out).to.equal('NOTHING WAS JUDGED; 0 of 2 judgements made on node-a, 2 rules NOT judged\n');
      expect(err).to.contain(
        'warning: not judged: reverse-shell, hidden-process on node-a: the case has no processes of this node; collect it with: kubectl ir snapshot node node-a --case ',
      );
      expect(code).to.equal(3);
    }));

  it('says what was judged on less than there was', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { ...shell, '[root]/proc/10/net/tcp6': { truncated: 'sl' } });
      const { code, err } = await runCommand(command, [dir], { rule: ['reverse-shell'] });
      expect(err).to.contain(
        'warning: judged on less: reverse-shell on node-a: 1 missing, the first: [root]/proc/10/net/tcp6: truncated, the last bytes\n',
      );
      expect(code).to.equal(3);
    }));

  it('takes one rule, and a least severity', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { ...shell, '[root]/root/.bash_history': { target: '/dev/null' } });
      const names = async (flags: object): Promise<string[]> =>
        (
          JSON.parse((await runCommand(command, [dir], { output: 'json', ...flags })).out) as FindingList
        ).items.map(({ rule }) => rule);
      expect(await names({})).to.deep.equal(['reverse-shell', 'history-discarded']);
      expect(await names({ severity: 'high' })).to.deep.equal(['reverse-shell']);
      const { out } = await runCommand(command, [dir], { severity: 'high' });
      expect(out).to.contain('\n1 critical; 1 that weigh less left out; ');
      expect(await names({ rule: ['history-discarded'] })).to.deep.equal(['history-discarded']);
    }));

  it('judges rules of the user beside its own, and leaves out those that can not be used', () =>
    inSandbox(async (dir) => {
      await caseWith(join(dir, 'case'), shell);
      const place = join(dir, 'rules');
      await mkdir(place);
      const own = (id: string, of: string, where: string): string =>
        `apiVersion: kubectl-ir/v1\nkind: Rule\nid: ${id}\ntitle: my ${id}\nseverity: low\nexplanation: e\nrefutedBy: r\nof: ${of}\nwhere: ${where}\n`;
      await writeFile(join(place, 'a.yaml'), own('port', 'sockets', '{remotePort: 4444}'));
      await writeFile(
        join(place, 'b.yml'),
        `${own('cron', 'cron', '{command: {contains: x}}')}---\n${own('hex', 'sokets', '{}')}`,
      );
      await writeFile(join(place, 'c.yaml'), own('reverse-shell', 'sockets', '{remotePort: 4444}'));
      await writeFile(join(place, 'd.yaml'), own('port', 'sockets', '{remotePort: 4444}'));
      await writeFile(join(place, 'notes.txt'), 'no rule');
      const run = (flags: object) => runCommand(command, [join(dir, 'case')], { rules: place, ...flags });
      const { code, out, err } = await run({});
      expect(out).to.match(/^LOW +medium +my port +prod\/web\/main pid 10 started 11-25 [0-9:.]+ +port$/m);
      expect(out).to.match(/, 3 of your rules left out\n$/);
      expect(err).to.contain(
        `warning: rule left out: ${join(place, 'b.yml')}:18: there is no kind "sokets"; nearest: sockets`,
      );
      expect(err).to.contain(
        `warning: rule left out: ${join(place, 'c.yaml')}:1: there is a rule "reverse-shell" already, of this program\n`,
      );
      expect(err).to.contain(`d.yaml:1: there is a rule "port" already, at ${join(place, 'a.yaml')}:1\n`);
      expect(code).to.equal(3);
      const one = await run({ rule: ['port'], output: 'json' });
      const list = JSON.parse(one.out) as FindingList & { readonly badRules: readonly object[] };
      expect(list.items.map(({ rule }) => rule)).to.deep.equal(['port']);
      expect(list.badRules).to.have.length(3);
      expect((await failureOf(run({ rule: ['prt'] }))).message).to.contain('nearest: port');
    }));

  it('finds the same in the archive of a case', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      const hidden = { in: web, exe: '/dev/shm/x', args: ['x'], mounts: containerMountTable() };
      await caseWith(place, { ...shell, ...processItems(11, hidden) });
      const { path } = await packCase(memoryIo(), place, {
        format: 'tar.gz',
        signal: new AbortController().signal,
      });
      const items = async (from: string): Promise<unknown> => {
        const { out } = await runCommand(command, [from], { output: 'json' });
        return JSON.parse(out.replaceAll(` --case ${place}`, '').replaceAll(from, 'CASE'));
      };
      const told = await items(path);
      expect(told).to.deep.equal(await items(place));
      // Nothing can be collected into an archive.
      expect(JSON.stringify(told))
        .to.contain('kubectl ir snapshot node')
        .and.contain('kubectl ir diff pod')
        .and.not.contain('--case');
    }));

  it('marks what is new since a baseline, and hides nothing', () =>
    inSandbox(async (dir) => {
      const history = { '[root]/root/.bash_history': { target: '/dev/null' } };
      const [now, before] = [join(dir, 'now'), join(dir, 'before')];
      await caseWith(now, { ...shell, ...history });
      await caseWith(before, { ...cleanNode(), ...history });
      const { out, code } = await runCommand(command, [now], { baseline: before });
      expect(out).to.match(
        /^SEVERITY +NEW +SURE +FINDING +SUBJECT +RULE\nCRITICAL +NEW +high .* reverse-shell\nMEDIUM +- +/,
      );
      expect(out).to.contain('; 1 new, 0 not comparable; ');
      expect(code).to.equal(0);
      const { out: data } = await runCommand(command, [now], { baseline: before, output: 'json' });
      const { items } = JSON.parse(data) as { items: readonly { readonly new: string }[] };
      expect(items.map((one) => one.new)).to.deep.equal(['yes', 'no']);
      const text = readFileSync(new URL('../../schema/finding-list.json', import.meta.url), 'utf8');
      const validate = new Ajv2020({ strict: true }).compile(JSON.parse(text) as object);
      expect(validate(JSON.parse(data)), JSON.stringify(validate.errors)).to.equal(true);
    }));

  it('asks for a directory that has rules', () =>
    inSandbox(async (dir) => {
      await caseWith(join(dir, 'case'), shell);
      const failing = async (rules: string): Promise<string> =>
        (await failureOf(runCommand(command, [join(dir, 'case')], { rules }))).message;
      expect(await failing(join(dir, 'none'))).to.contain("can't be read (ENOENT)");
      expect(await failing(join(dir, 'case'))).to.contain('no file of rules in it');
    }));

  it('judges the rest where lines of an index are lost, and knows that it is less', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, shell);
      const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
      const index = join(dir, 'data/acquisitions', name, 'items.jsonl');
      const lines = (await readFile(index, 'utf8')).split('\n');
      lines[lines.findIndex((line) => line.includes('system.journal'))] = '{"item":';
      await writeFile(index, lines.join('\n'));
      const { out, err } = await damaged(dir, { output: 'json' });
      const { items, notJudged, incomplete } = JSON.parse(out) as FindingList;
      expect(items.map(({ rule }) => rule)).to.deep.equal(['reverse-shell']);
      // What is missing is not taken for a trace: neither a pod that is not in the list nor a journal.
      const lack = notJudged.find(({ rule }) => rule === 'ghost-pod');
      expect(lack?.reason).to.match(/: line \d+ of its index items\.jsonl is no item$/);
      expect(incomplete.length + notJudged.length).to.equal(rules.length);
      expect(err).to.contain(`warning: damaged, left out: ${name}: line `);
    }));

  it('does not say that nothing was found where nothing could be read', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, shell);
      const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
      const place = join(dir, 'data/acquisitions', name);
      const [tar = ''] = (await readdir(place)).filter((one) => one.endsWith('.tar'));
      await rm(join(place, tar));
      const { code, out, err } = await runCommand(command, [dir]);
      expect(out).to.match(/^no finding; \d+ of \d+ judgements made on node-a, \d+ rules NOT judged/);
      expect(err).to.contain(`${join(place, tar)} can't be read (ENOENT); collect it with: `);
      expect(code).to.equal(3);
      await rm(join(place, 'acquisition.json'));
      const nothing = await damaged(dir);
      expect(nothing.out).to.equal('NOTHING WAS JUDGED; 0 of 0 judgements made on no node\n');
    }));

  it('leaves out what is damaged, judges the rest, and says so last', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { ...shell, '[root]/etc/cron.d/x': 'abcdefgh-damaged' });
      const place = join(dir, 'data/acquisitions');
      const [acquisition = ''] = await readdir(place);
      const tar = (await readdir(join(place, acquisition))).find((name) => name.endsWith('.tar')) ?? '';
      const bytes = await readFile(join(place, acquisition, tar));
      bytes.write('X', bytes.indexOf('abcdefgh-damaged'));
      await writeFile(join(place, acquisition, tar), bytes);
      const io = memoryIo();
      const context = { io, global: {}, signal: new AbortController().signal };
      const failure = await failureOf(command.start([dir], { rule: [] }, context));
      expect(failure.name).to.equal('VerificationError');
      expect(failure.message).to.match(/^part of the case was left out: .*cron\.d\/x/);
      expect(io.out()).to.match(/^CRITICAL .* reverse-shell$/m);
    }));

  it('names the nearest rule, and asks for a case', async () => {
    const error = await failureOf(runCommand(command, ['x'], { rule: ['reverse-shel'] }));
    expect(error.message).to.contain('there is no rule "reverse-shel"; nearest: reverse-shell\nrules: ');
    expect((await failureOf(runCommand(command, []))).message).to.contain(
      'findings takes one case directory',
    );
    expect((await failureOf(runCommand(command, ['/nowhere']))).message).to.contain('no case at /nowhere');
  });
});

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { command } from '../../src/subcommands/scope.ts';
import { caseWith } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import {
  agent,
  cleanNode,
  containerMountTable,
  podList,
  podObject,
  processItems,
  specItems,
  web,
} from '../findings/traces-lab.ts';
import { failureOf } from '../support/failure.ts';
import { runCommand } from './case/run.ts';

type Node = Parameters<typeof caseWith>[1];
const row = '0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n';
const digest = 'ab'.repeat(32);
/** The attacked node: a shell of pod prod/web is open to 10.244.2.3:4444. */
const attacked = {
  ...cleanNode(),
  ...processItems(10, {
    in: web,
    exe: '/bin/x',
    fd: { 0: 'socket:[77]', 1: 'socket:[77]' },
    mounts: containerMountTable(),
  }),
  '[root]/proc/10/net/tcp': `head\n${row}`,
} as Node;
/** Another node with a pod that is connected to the same address, and one that runs a program of a digest. */
const touched = {
  ...cleanNode(),
  ...processItems(20, { in: agent, exe: '/bin/y', fd: { 5: 'socket:[77]' }, mounts: containerMountTable() }),
  ...specItems(agent),
  '[root]/proc/20/net/tcp': `head\n${row}`,
  'live_response/kubernetes/pods.json': podList(podObject(agent, { name: 'other' })),
  'live_response/process/hash_running_processes.sha256': `${digest}  /proc/20/exe\nno line\n`,
  'live_response/scope/files.txt': `${'cd'.repeat(32)} /proc/20/root/tmp/a\nb\0junk\0`,
} as Node;

interface Scope {
  readonly items: readonly {
    readonly subject: Record<string, unknown>;
    readonly indicator: { readonly type: string };
  }[];
  readonly known: number;
  readonly notLooked: readonly { readonly what: string }[];
}

describe('scope', () => {
  it('looks in other cases for what a case found, and leaves out what the case is about', () =>
    inSandbox(async (dir) => {
      const [own, other] = [join(dir, 'own'), join(dir, 'other')];
      await caseWith(own, attacked);
      await caseWith(other, {}, touched);
      const { code, out } = await runCommand(command, [own], { in: [other, own] });
      expect(out).to.match(/^TOUCHED +NODE +SEEN +INDICATOR +SURE +WHERE\n/);
      expect(out).to.match(
        /^(?:pod|container)\/\S+ +node-b +is connected to 10\.244\.2\.3:4444 +address 10\.244\.2\.3:4444 +high +/m,
      );
      expect(out).to.match(
        /\n1 touched, beside 1 trace where it is known; 1 indicator; looked at node-a, node-b\n$/,
      );
      expect(code).to.equal(0);
    }));

  it("takes nobody for touched who talks to what is the cluster's own, and says so", () =>
    inSandbox(async (dir) => {
      const [own, other] = [join(dir, 'own'), join(dir, 'other')];
      const services = (created: string): Node => ({
        'live_response/kubernetes/services.json': JSON.stringify({
          kind: 'ServiceList',
          items: [
            {
              metadata: { namespace: 'shop', name: 'db', creationTimestamp: created },
              spec: { clusterIP: '10.244.2.3', ports: [{ port: 4444 }], selector: { app: 'db' } },
            },
          ],
        }),
      });
      await caseWith(own, attacked);
      await caseWith(other, {}, { ...touched, ...services('2026-11-19T00:00:00Z') });
      const { code, out } = await runCommand(command, [own], { in: [other] });
      expect(out).to.equal(
        'LEFT OUT        address 10.244.2.3:4444   Service shop/db; 1 talk to it, which tells nothing of them; look all the same with --ioc\n0 touched; 0 indicators; looked at node-a, node-b\n',
      );
      expect(code).to.equal(0);
      const list = join(dir, 'list.txt');
      await writeFile(list, '10.244.2.3:4444\n');
      expect((await runCommand(command, [own], { ioc: list, in: [other] })).out).to.contain('\n1 touched');
      // A Service that is younger than the pod may be the intruder's.
      await caseWith(join(dir, 'late'), {}, { ...touched, ...services('2026-11-21T00:00:00Z') });
      expect((await runCommand(command, [own], { in: [join(dir, 'late')] })).out).to.contain('\n1 touched');
    }));

  it('tells of a process of the node that no finding names, though the case is about others there', () =>
    inSandbox(async (dir) => {
      const own = join(dir, 'own');
      await caseWith(own, attacked);
      const later = {
        ...attacked,
        ...processItems(30, { exe: '/usr/bin/x', fd: { 3: 'socket:[78]' } }),
        '[root]/proc/net/tcp': `head\n${row.replace(' 77 ', ' 78 ')}`,
      } as Node;
      await caseWith(join(dir, 'later'), later);
      const { out } = await runCommand(command, [own], { in: [join(dir, 'later')] });
      expect(out).to.match(/^node\/node-a .* pid 30 started /m);
      expect(out).to.contain('\n1 touched, beside 1 trace where it is known;');
    }));

  it('takes a list, names what of it is not understood, and prints data by its schema', () =>
    inSandbox(async (dir) => {
      await caseWith(join(dir, 'other'), {}, touched);
      const list = join(dir, 'list.txt');
      await writeFile(list, `${digest}\n${'cd'.repeat(32)}\nprod:shop?\nsystem:serviceaccount:prod:shop\n`);
      const { code, out } = await runCommand(command, [], {
        ioc: list,
        in: [join(dir, 'other')],
        output: 'json',
      });
      const scope = JSON.parse(out) as Scope;
      const text = readFileSync(new URL('../../schema/scope.json', import.meta.url), 'utf8');
      const validate = new Ajv2020({ strict: true }).compile(JSON.parse(text) as object);
      expect(validate(scope), JSON.stringify(validate.errors)).to.equal(true);
      expect(validate({ ...scope, more: 1 })).to.equal(false);
      expect(scope.items.map(({ subject }) => subject['path'])).to.deep.equal([
        '/proc/20/exe',
        '/tmp/a\\x0ab',
      ]);
      expect(scope.notLooked.map(({ what }) => what)).to.deep.equal([`${list}:3`, '1 ServiceAccounts']);
      expect(code).to.equal(3);
    }));

  it('looks through an audit log, and counts lines that are no events', () =>
    inSandbox(async (dir) => {
      await caseWith(join(dir, 'other'), touched);
      const [list, log] = [join(dir, 'list.txt'), join(dir, 'audit.log')];
      await writeFile(list, 'system:serviceaccount:prod:shop\n');
      const event = {
        ...{ kind: 'Event', auditID: 'i', stage: 'ResponseComplete', verb: 'get', requestURI: '/api' },
        ...{ requestReceivedTimestamp: '2026-11-25T20:00:00.000000Z', sourceIPs: ['203.0.113.9'] },
        user: { username: 'system:serviceaccount:prod:shop', groups: [] },
      };
      await writeFile(log, `${JSON.stringify(event)}\nno event\n${JSON.stringify(event)}\n`);
      const { code, out } = await runCommand(command, [], {
        ioc: list,
        in: [join(dir, 'other')],
        'audit-log': log,
      });
      expect(out).to.match(
        /^address\/203\.0\.113\.9 +- +acts as this ServiceAccount +service-account prod:shop +high/m,
      );
      expect(out).to.contain(`NOT LOOKED AT   ${log}   1 line is no event\n`);
      expect(code).to.equal(3);
      const { out: names } = await runCommand(command, [], {
        ioc: list,
        in: [join(dir, 'other')],
        'audit-log': log,
        output: 'name',
      });
      expect(names).to.equal('address/203.0.113.9\n');
    }));

  it('asks for something to look for, and for one way to look', async () => {
    expect((await failureOf(runCommand(command, []))).message).to.contain('scope takes a case, or a list');
    expect(
      (await failureOf(runCommand(command, ['c'], { in: ['x'], 'all-nodes': true }))).message,
    ).to.contain('give one of');
    expect((await failureOf(runCommand(command, [], { ioc: '/nowhere' }))).message).to.contain(
      "can't be read (ENOENT)",
    );
    await inSandbox(async (dir) => {
      const list = join(dir, 'list.txt');
      await writeFile(list, 'junk\n');
      expect(await failureOf(runCommand(command, [], { ioc: list }))).to.have.property(
        'advice',
        'give one a line: a sha256, an address, the name of a host, an absolute path',
      );
    });
    await inSandbox(async (dir) => {
      await caseWith(dir, cleanNode());
      expect((await failureOf(runCommand(command, [dir], { in: [dir] }))).message).to.equal(
        'there is nothing to look for',
      );
    });
  });
});

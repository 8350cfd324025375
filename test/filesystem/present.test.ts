import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { blindDiff, containerDiff, diffExitCode } from '../../src/filesystem/container-diff.ts';
import type { ContainerDiff, PodDiff } from '../../src/filesystem/pod-diff.ts';
import type { Change } from '../../src/filesystem/pod-diff.ts';
import { blindLines, changesTable, changesText, diffNames } from '../../src/filesystem/present.ts';

const target = {
  name: 'web',
  id: 'a'.repeat(64),
  runtime: 'containerd',
  image: 'shop:1',
  imageID: 'shop@x',
  state: 'running',
} as const;
const facts = {
  type: 'file',
  mode: '0755',
  uid: 0,
  gid: 0,
  size: 260_000,
  mtime: '2026-11-22T04:00:00.000000000Z',
  ctime: '2026-11-22T04:12:07.112345678Z',
} as const;
const changes: readonly Change[] = [
  {
    ...facts,
    path: '/usr/bin/curl',
    change: 'modified',
    sha256: 'b'.repeat(64),
    content: 'elf',
    before: { ...facts, sha256: 'c'.repeat(64) },
    flags: ['executable', 'mtime-spoofed'],
  },
  {
    ...facts,
    path: '/srv/up.php',
    change: 'added',
    size: 3000,
    ctime: '2026-11-22T04:12:10.020000000Z',
    flags: [],
  },
  {
    ...facts,
    path: '/etc/passwd',
    change: 'metadata',
    mode: '0666',
    size: 900,
    ctime: '2026-11-22T04:12:10.220000000Z',
    before: { ...facts, mode: '0644' },
    flags: ['world-writable'],
  },
  {
    path: '/etc/motd',
    change: 'deleted',
    type: 'file',
    before: facts,
    notAfter: '2026-11-22T04:12:11.031000000Z',
    flags: [],
  },
  { ...facts, path: '/data', change: 'added', type: 'directory', flags: ['runtime'] },
];
const process = {
  pid: 17,
  name: 'miner',
  executable: '/tmp/\\x1b[2Jminer',
  reason: 'deleted',
  size: 1_258_291,
  started: '2026-11-22T04:12:12.400000000Z',
} as const;
const mounts = [
  { path: '/var/cache', type: 'ext4', source: '/dev/sda', readOnly: false, nodePath: '/var/lib/kubelet/x' },
];
const whole = containerDiff(target, {
  driver: 'overlay',
  changes,
  mounts,
  processes: [process],
  blind: [],
  capabilities: true,
});
const blind = blindDiff({ ...target, name: 'side' }, [
  { what: 'container', why: 'it has ended', instead: 'keep the pod' },
]);
const diff = (...containers: ContainerDiff[]): PodDiff => ({
  apiVersion: 'kubectl-ir/v1',
  kind: 'PodDiff',
  pod: { namespace: 'prod', name: 'shop', uid: 'u', node: 'node-a' },
  containers,
});

describe('a diff for people', () => {
  it('is a table in the order of times, with reasons, and one summary line', () => {
    expect(changesTable(diff(whole)).split('\n')).to.deep.equal([
      'CONTAINER   CHANGE     PATH            WHY IT MATTERS                                   SIZE    CHANGED (UTC)',
      'web         modified   /usr/bin/curl   content differs, time put back, ELF executable   254Ki   11-22 04:12:07.112',
      'web         added      /srv/up.php     script in a web root                             2.9Ki   11-22 04:12:10.020',
      'web         metadata   /etc/passwd     mode 0644 -> 0666, accounts                      900     11-22 04:12:10.220',
      'web         deleted    /etc/motd                                                        -       by 11-22 04:12:11.031',
      'web         process    pid 17          runs a deleted file, /tmp/\\x1b[2Jminer           1.2Mi   11-22 04:12:12.400',
      '5 changes; 1 entry made by the runtime hidden (--runtime); every layer was read',
      'volumes are no part of an image and were not looked into: web:/var/cache',
    ]);
    expect(changesTable(diff(whole), { runtime: true, wide: true }))
      .to.include('SHA256')
      .and.include('made by the runtime');
    expect(changesText(diff(whole))).to.equal('5 changes in 1 container');
  });
  it('never says that nothing changed where it did not look', () => {
    expect(changesTable(diff(blind))).to.equal('no changes found; NOT everything was looked at in: side');
    expect(blindLines(diff(whole, blind))).to.deep.equal(['side: container: it has ended; keep the pod']);
    expect(changesText(diff(whole, blind))).to.equal('5 changes in 2 containers, not everything was seen');
  });
  it('has names one a line', () => {
    expect(diffNames(diff(whole), { runtime: false })).to.deep.equal([
      'web:/usr/bin/curl',
      'web:/srv/up.php',
      'web:/etc/passwd',
      'web:/etc/motd',
      'web:pid/17',
    ]);
  });
});

describe('the exit code of a diff', () => {
  const quiet = containerDiff(target, {
    driver: 'overlay',
    changes: changes.slice(4),
    mounts: [],
    processes: [],
    blind: [],
    capabilities: false,
  });
  for (const [what, containers, code] of [
    ['0 for runtime entries alone', [quiet], 0],
    ['1 for changes', [quiet, whole], 1],
    [
      '1 for a process alone',
      [
        containerDiff(target, {
          driver: 'overlay',
          changes: [],
          mounts: [],
          processes: [process],
          blind: [],
          capabilities: true,
        }),
      ],
      1,
    ],
    ['3 when something was not seen, whatever else', [whole, blind], 3],
  ] as const)
    it(what, () => expect(diffExitCode(diff(...containers))).to.equal(code));
});

describe('schema/pod-diff.json', () => {
  it('describes what is printed, and nothing else', () => {
    const schema: unknown = JSON.parse(
      readFileSync(new URL('../../schema/pod-diff.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv2020({ strict: true }).compile(schema as object);
    expect(validate(diff(whole, blind)), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ ...diff(whole), more: 1 })).to.equal(false);
  });
});

import { expect } from 'chai';
import { containerDiff, diffExitCode } from '../../src/filesystem/container-diff.ts';
import { changesOf } from '../../src/filesystem/changes.ts';
import { blindLines, changesText, diffLines, diffNames } from '../../src/filesystem/present.ts';
import { blind, changes, diff, listed, process, target, whole } from './sample-diff.ts';

describe('a diff for people', () => {
  it('is a table of what matters first, with reasons, and one summary line', async () => {
    expect(await listed(diffLines(diff(whole)))).to.deep.equal([
      'CONTAINER   CHANGE     PATH            WHY IT MATTERS                                   SIZE    CHANGED (UTC)',
      'web         process    pid 17          runs a deleted file, /tmp/\\x1b[2Jminer           1.2Mi   11-22 04:12:12.400',
      'web         modified   /usr/bin/curl   content differs, time put back, ELF executable   254Ki   11-22 04:12:07.112',
      'web         added      /srv/up.php     script in a web root                             2.9Ki   11-22 04:12:10.020',
      'web         metadata   /etc/passwd     mode 0644 -> 0666, accounts                      900     11-22 04:12:10.220',
      'web         deleted    /etc/motd                                                        -       by 11-22 04:12:11.031',
      '5 changes; 1 entry made by the runtime hidden (--runtime); every layer was read',
      'volumes are no part of an image and were not looked into: web:/var/cache (node: /var/lib/kubelet/x)',
    ]);
    expect((await listed(diffLines(diff(whole), { runtime: true, wide: true }))).join('\n'))
      .to.include('SHA256')
      .and.include('made by the runtime');
    expect(changesText(diff(whole))).to.equal('5 changes in 1 container');
  });
  it('never says that nothing changed where it did not look', async () => {
    expect(await listed(diffLines(diff(blind)))).to.deep.equal([
      'no changes found; NOT everything was looked at in: side',
    ]);
    expect(blindLines(diff(whole, blind))).to.deep.equal(['side: container: it has ended; keep the pod']);
    expect(changesText(diff(whole, blind))).to.equal('5 changes in 2 containers, not everything was seen');
  });
  it('has names one a line', async () => {
    expect(await listed(diffNames(diff(whole), { runtime: false }))).to.deep.equal([
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
    changes: changesOf(changes.slice(4)),
    mounts: [],
    processes: [],
    openFiles: [],
    namespaces: [],
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
          changes: changesOf([]),
          mounts: [],
          processes: [process],
          openFiles: [],
          namespaces: [],
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

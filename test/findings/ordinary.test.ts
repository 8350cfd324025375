import { expect } from 'chai';
import { judge } from '../../src/findings/judge.ts';
import { ordinaryProcesses } from '../../src/findings/ordinary.ts';
import { rules } from '../../src/findings/rules.ts';
import {
  agent,
  bookOf,
  cleanNode,
  containerMountTable,
  diffOf,
  processItems,
  specItems,
  web,
} from './traces-lab.ts';

const mounts = containerMountTable();

describe('ordinary processes of a case', () => {
  const book = bookOf({
    ...cleanNode(),
    ...processItems(11, { in: web, exe: '/bin/httpd', mounts }),
    ...processItems(12, { in: web, exe: '/opt/tool', mounts }),
    ...processItems(13, { in: web, exe: '/tmp/x (deleted)', links: 0, mounts }),
    ...processItems(20, { in: agent, exe: '/opt/tool', mounts }),
    ...specItems(web),
    'live_response/pod-diff.json': diffOf([{ path: '/opt/tool', change: 'added', type: 'file', flags: [] }]),
  });
  const { findings } = judge(rules, [book.docket()], 'c');

  it('run what the image of the suspect has: not what was changed, is accused, or belongs to somebody else', () => {
    const found = ordinaryProcesses(findings, [book.traces()], new Set(['prod/web']));
    expect([...found]).to.deep.equal(['20261125T200000Z-node-node-a 10', '20261125T200000Z-node-node-a 11']);
  });
  it('are those too that run the very file, though accused: a collector hashes it by one pid of them', () => {
    const fd = { 0: 'socket:[77]', 1: 'socket:[77]' };
    const one = bookOf({
      ...cleanNode(),
      ...processItems(11, { in: web, exe: '/bin/httpd', mounts }),
      ...processItems(12, { in: web, exe: '/bin/httpd', fd, mounts }),
      ...processItems(14, { in: web, exe: '/bin/httpd', fd, mounts }),
      ...specItems(web),
      '[root]/proc/12/net/tcp': 'head\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
      // 14 runs another file of that name, as in a mount namespace of its own.
      'live_response/process/executables.txt': '11 9 40 1 3 4 5\n12 9 40 1 3 4 5\n14 9 41 1 3 4 5\n',
      'live_response/pod-diff.json': diffOf([]),
    });
    const judged = judge(rules, [one.docket()], 'c').findings;
    expect(judged.map(({ rule, subject }) => `${rule} ${subject.pid ?? ''}`)).to.include.members([
      'reverse-shell 12',
      'reverse-shell 14',
    ]);
    const found = ordinaryProcesses(judged, [one.traces()], new Set(['prod/web']));
    expect([...found].map((place) => place.replace(/^\S+ /, '')))
      .to.include.members(['11', '12'])
      .and.not.include('14');
  });
  it('are none where no pod is suspect', () => {
    expect([...ordinaryProcesses(findings, [book.traces()], new Set())]).to.deep.equal([]);
  });
});

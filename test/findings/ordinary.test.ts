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
  it('are none where no pod is suspect', () => {
    expect([...ordinaryProcesses(findings, [book.traces()], new Set())]).to.deep.equal([]);
  });
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { firstRecord, makeDirectory } from '../../src/evidence/acquisition-start.ts';
import { inSandbox } from './sandbox.ts';

const now = new Date(Date.UTC(2026, 10, 22, 4, 15));
const actor = { api: '', user: 'jane', host: 'laptop' };

describe('acquisition start', () => {
  it('makes a directory of its own each time, whatever the target is called', () =>
    inSandbox(async (dir) => {
      const start = { kind: 'pod', target: '../../etc' };
      const made = [await makeDirectory(dir, start, now), await makeDirectory(dir, start, now)];
      expect(made[0]).to.equal('data/acquisitions/20261122T041500Z-pod-_.._etc');
      expect(made[1]).to.equal(`${made[0]}-2`);
      expect(await readdir(join(dir, 'data/acquisitions'))).to.have.length(2);
    }));

  it('calls the tar of a node as UAC does', () => {
    expect(firstRecord({ kind: 'node', target: 'node-a' }, now, actor).tar.name).to.equal(
      'uac-node-a-linux-20261122T041500Z.tar',
    );
    expect(firstRecord({ kind: 'diff', target: 'web-0' }, now, actor).tar.name).to.equal(
      'diff-web-0-20261122T041500Z.tar',
    );
  });
});

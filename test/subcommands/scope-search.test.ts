import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { programsOf, searchCase } from '../../src/subcommands/scope-search.ts';
import { caseWith } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';

const signal = new AbortController().signal;
const digest = 'ab'.repeat(32);
const indicators = [{ type: 'sha256', value: digest, from: 'f' }] as const;
const running = 'live_response/process/hash_running_processes.sha256';

describe('a case that is searched', () => {
  it('is searched by the acquisitions that are named, else all of it', () =>
    inSandbox(async (dir) => {
      const line = `${digest}  /proc/20/exe\n`;
      await caseWith(dir, { [running]: line }, { [running]: line });
      const all = await searchCase(dir, indicators, signal);
      expect(all.touches.map(({ subject }) => subject.node)).to.deep.equal(['node-a', 'node-b']);
      const [first = ''] = (await readdir(join(dir, 'data/acquisitions'))).sort();
      const some = await searchCase(dir, indicators, signal, new Set([first]));
      expect(some.touches.map(({ subject }) => subject.node)).to.deep.equal(['node-a']);
      expect(some.nodes.map(({ node }) => node)).to.deep.equal(['node-a']);
    }));

  it('tells what of it is damaged and finds the rest', () =>
    inSandbox(async (dir) => {
      await caseWith(
        dir,
        { [running]: `${digest}  /proc/20/exe\n` },
        { [running]: `${digest}  /proc/21/exe\n` },
      );
      const place = join(dir, 'data/acquisitions');
      const [first = ''] = (await readdir(place)).sort();
      const tar = (await readdir(join(place, first))).find((name) => name.endsWith('.tar')) ?? '';
      const bytes = await readFile(join(place, first, tar));
      bytes.write('X', bytes.indexOf(digest));
      await writeFile(join(place, first, tar), bytes);
      const { touches, damaged } = await searchCase(dir, indicators, signal);
      expect(touches.map(({ subject }) => subject.node)).to.deep.equal(['node-b']);
      expect(damaged).to.have.length(1);
      expect(damaged[0]).to.contain('is not what was collected');
    }));

  it('tells what some processes run', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, { [running]: `${digest}  /proc/20/exe\n${'cd'.repeat(32)}  /proc/21/exe\n` });
      const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
      const programs = await programsOf(dir, new Set([`${name} 21`, 'another 20']), signal);
      expect([...programs]).to.deep.equal(['cd'.repeat(32)]);
    }));
});

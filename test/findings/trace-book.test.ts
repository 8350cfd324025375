import { expect } from 'chai';
import fc from 'fast-check';
import { judge } from '../../src/findings/judge.ts';
import { rules } from '../../src/findings/rules.ts';
import { credentialOpen } from '../../src/findings/rules/credential-open.ts';
import { TraceBook } from '../../src/findings/trace-book.ts';
import { hostileBytes } from '../artifacts/hostile.ts';
import { agent, bookOf, cleanNode, judged, podList, processItems, specItems, web } from './traces-lab.ts';

describe('a book of traces', () => {
  it('leaves out what is our own', () => {
    const items = { ...cleanNode(), ...processItems(11, { in: agent }), ...specItems(agent) };
    expect(
      bookOf(items)
        .traces()
        .processes.map(({ pid }) => pid),
    ).to.deep.equal([1, 10, 11]);
    const { processes, specifications } = bookOf(items, `containerd://${agent.id}`).traces();
    expect(processes.map(({ pid }) => pid)).to.deep.equal([1, 10]);
    expect(specifications.map(({ value }) => value.id)).to.deep.equal([web.id]);
  });
  it('has a specification of CRI-O once, which keeps it in two places', () => {
    const spec = JSON.stringify({ ociVersion: '1' });
    const place = (root: string): string =>
      `[root]/${root}/containers/storage/overlay-containers/${web.id}/userdata/config.json`;
    const ids = (...roots: readonly string[]): string[] =>
      bookOf(Object.fromEntries(roots.map((root) => [place(root), spec])))
        .traces()
        .specifications.map(({ value }) => value.id);
    expect(ids('run', 'var/lib')).to.deep.equal([web.id]);
    expect(ids('var/lib')).to.deep.equal([web.id]);
  });
  it('joins acquisitions of a node: a process is one by its pid and start, the later look counts', () => {
    const book = bookOf(processItems(11, { comm: 'a' }));
    for (const { comm, started } of [
      { comm: 'b', started: 500 },
      { comm: 'c', started: 600 },
    ]) {
      book.begin('2026-11-25T21:00:00.000Z', undefined);
      for (const [name, content] of Object.entries(processItems(11, { comm, started })))
        if (typeof content === 'string')
          book.addBytes(
            { name: Buffer.from(name), source: { acquisition: 'later', item: 1, name } },
            Buffer.from(content),
          );
      book.end();
    }
    const { processes, begun } = book.traces();
    expect(processes.map(({ stat }) => String(stat?.comm))).to.deep.equal(['b', 'c']);
    // What the later look did not bring stays from the earlier one.
    expect(processes[0]?.executable?.toString()).to.equal('/bin/app');
    expect(begun).to.equal('2026-11-25T20:00:00.000Z');
  });
  it('says of a process with more open files than are kept that it was judged on less', () => {
    const open = (count: number): Record<number, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, number) => [number, '/dev/null']));
    const incomplete = (count: number): readonly object[] => {
      const items = { ...cleanNode(), ...processItems(11, { in: web, fd: open(count) }) };
      return judge([credentialOpen], [bookOf(items).docket()], 'c').incomplete;
    };
    expect(incomplete(4096)).to.deep.equal([]);
    expect(incomplete(4099)).to.deep.equal([
      {
        ...{ rule: 'credential-open', node: 'node-a', items: 1 },
        reason: '[root]/proc/11/fd/4096: 3 open files of its process, beyond 4096, not looked at',
      },
    ]);
  });
  it('says which items have more records than are kept', () => {
    const book = new TraceBook('node-a');
    book.begin('2026-11-25T20:00:00.000Z', undefined);
    const name = '[root]/var/log/wtmp';
    const item = { name: Buffer.from(name), source: { acquisition: 'a', item: 1, name } };
    for (let i = 0; i < 200_002; i += 1) book.addRecord(item, 'utmp', {});
    book.end();
    expect(book.gaps).to.deep.equal([
      { name, why: 'more than 200000 of its sort; what came behind was not looked at' },
    ]);
  });
  it('counts what is no record, and tells of a list of pods that is none', () => {
    const book = bookOf({
      ...cleanNode(),
      'live_response/kubernetes/pods-before.json': '{}',
      'live_response/kubernetes/pods.json': 'no',
      '[root]/proc/modules': 'bad\n',
      'live_response/packages/programs.md5': 'bad\n',
    });
    expect(book.malformed).to.equal(4);
    expect(book.gaps).to.deep.equal([
      { name: 'live_response/kubernetes/pods-before.json', why: 'it is no list of pods' },
      { name: 'live_response/kubernetes/pods.json', why: 'it is no list of pods' },
    ]);
    expect(book.traces().pods).to.equal(undefined);
    expect(bookOf({ 'live_response/kubernetes/pods.json': podList() }).traces().pods).to.deep.equal([]);
  });
  it('lives through damaged evidence, and so does every rule', () => {
    const sound = cleanNode();
    const texts = Object.entries(sound).flatMap(([name, content]) =>
      typeof content === 'string' ? [{ name, content }] : [],
    );
    const damage = fc
      .constantFrom(...texts)
      .chain(({ name, content }) => hostileBytes(content).map((bytes) => ({ [name]: bytes })));
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (parts) => {
        const traces = bookOf(Object.assign({ ...sound }, ...parts) as typeof sound).traces();
        for (const rule of rules)
          for (const { seen, evidence } of judged(rule, traces))
            for (const text of [seen, ...evidence.map(({ excerpt }) => excerpt)])
              expect(text).to.match(/^[^\p{Cc}\p{Cf}]*$/u);
      }),
      { numRuns: 150 },
    );
  });

  it('knows what was asked for, and what a node has not by its make', () => {
    const book = new TraceBook('node-a');
    book.begin('2026-11-25T20:00:00.000Z', undefined, ['kernel', 'pod processes']);
    const kernel = ['live_response/phases/kernel.json', '[root]/proc/sys/kernel/core_pattern'];
    for (const [index, name] of kernel.entries())
      book.addSeen({ name: Buffer.from(name), source: { acquisition: 'a', item: index, name } });
    const lacks = (): string[] =>
      (['modules', 'core pattern', 'processes', 'first process', 'digests of programs'] as const).map(
        (need) => book.docket().lackOf(need),
      );
    expect(lacks()).to.deep.equal(['none', 'missing', 'missing', 'not-asked', 'not-asked']);
    const name = '[root]/proc/sys/kernel/modprobe';
    book.addSeen({ name: Buffer.from(name), source: { acquisition: 'a', item: 3, name } });
    expect(lacks()[0]).to.equal('missing');
    book.begin('2026-11-25T21:00:00.000Z', undefined);
    expect(lacks().at(-1)).to.equal('missing');
  });
});

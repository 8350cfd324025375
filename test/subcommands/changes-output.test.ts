import { expect } from 'chai';
import { change, type ConfigurationChange } from '../../src/incident/change/change.ts';
import {
  changeList,
  deletedText,
  printChanges,
  type ToldChanges,
} from '../../src/subcommands/changes-output.ts';
import { at } from '../incident/change/change-lab.ts';
import { memoryIo } from '../support/memory-io.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prod', name: 'web\u001b[2J' };
const who = { user: 'jane', groups: [], sources: ['198.51.100.7'], auditId: 'id' };

function told(count: number, more: Partial<ConfigurationChange> = {}): ToldChanges {
  const ranked = Array.from({ length: count }, (_, index) => ({
    change: change({
      time: at(5),
      source: 'object',
      object: web,
      action: 'changed',
      what: `what ${index}`,
      ...more,
    }),
    level: 'own' as const,
    reason: 'its owner',
  }));
  return {
    about: 'x',
    since: at(0),
    incident: at(9),
    ranked,
    after: 0,
    notSeen: [],
    audit: undefined,
    baseline: undefined,
  };
}

async function printed(changes: ToldChanges, output?: string): Promise<string> {
  const io = memoryIo();
  await printChanges(io, changes, output);
  expect(io.err()).to.equal('');
  return io.out();
}

describe('printChanges', () => {
  it('has one row for each change and all of the first, safe for a terminal', async () => {
    const fields = [1, 2].map((index) => ({ path: `f${index}\u202e`, after: '1' }));
    const out = await printed(
      told(2, { fields, who: { ...who, impersonated: 'root' }, rollback: "kubectl x 'a b'" }),
    );
    expect(out).to.match(/^TIME +WHY HERE +OBJECT +CHANGE +BY +UNDO\n/);
    expect(
      out.match(/^2026-11-22T04:05:00Z .* root, impersonated by jane +kubectl x 'a b'$/gm),
    ).to.have.length(2);
    expect(out).to.contain('what 0: f1\\xe2\\x80\\xae: absent -> 1 (and 1 more)');
    expect(out.match(/^ {3}undo {6}kubectl x 'a b'$/gm)).to.have.length(1);
    expect(out)
      .to.match(/^ {3}field {5}f2/m)
      .and.to.contain('198.51.100.7');
    expect([out.includes('\u001b'), out.includes('\u202e')]).to.deep.equal([false, false]);
  });

  it('never gives a name to a change that no audit log knows', async () => {
    expect(await printed(told(1, { claims: 'jane', noRollback: 'of old' }))).to.contain('claims to be jane');
    expect(await printed(told(1))).to.contain('not known');
    expect(await printed(told(1, { noRollback: 'of old' }))).to.contain('undo      no command: of old');
  });

  it('shows the nearest thirty, and all when it is asked', async () => {
    const out = await printed(told(40, { rollback: 'x'.repeat(300), among: ['a', 'b'] }));
    expect(out).to.contain('10 more, farther away; see all with -o wide').and.contain('see -o wide');
    const wide = await printed(told(40, { rollback: 'x'.repeat(300), atLatest: true }), 'wide');
    expect(wide.match(/^ {3}undo {6}x{300}$/gm)).to.have.length(40);
    expect(await printed(told(0))).to.match(/^deleted objects: not knowable here/);
  });

  it('says how far the log tells of what was deleted', () => {
    const coverage = { events: 2, malformed: 0, forgotten: 0, from: at(1), to: at(2) };
    expect(deletedText({ audit: { ...coverage, withoutBody: 0 }, baseline: undefined })).to.equal(
      `deleted objects: known from ${at(1)} to ${at(2)}, as far as the audit log goes`,
    );
    expect(deletedText({ audit: { ...coverage, withoutBody: 2 }, baseline: '/c' }))
      .to.contain('of 2 changes it has not what was changed')
      .and.match(/as far as \/c has them$/);
    expect(deletedText({ audit: undefined, baseline: '/c' })).to.equal(
      'deleted objects: known as far as /c has them, and no others',
    );
    expect(JSON.stringify(changeList(told(1, { bodies: [{ secret: 1 }] })))).to.not.contain('secret');
  });
});

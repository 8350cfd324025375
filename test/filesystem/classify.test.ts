import { expect } from 'chai';
import { classify } from '../../src/filesystem/classify.ts';
import type { Change } from '../../src/filesystem/pod-diff.ts';
import { parseBatch } from '../../src/filesystem/walk.ts';
import type { MadeFile } from './walk-outputs.ts';
import { presentSections, token } from './walk-outputs.ts';

function changeOf(before: MadeFile | undefined, now: MadeFile, capability?: string): Change | undefined {
  const sections = presentSections({
    upper: [],
    image: before === undefined ? [] : [before],
    container: [now],
  });
  if (capability !== undefined) {
    sections.set('image.capability', '');
    sections.set(
      'container.capability',
      `# file: ${token}${now.path}\nsecurity.capability=${capability}\n\n`,
    );
  }
  const batch = parseBatch('present', sections, token);
  const entry = batch.container.get(now.path);
  if (entry === undefined) throw new Error('no entry');
  return classify(now.path, batch.image.get(now.path), entry, batch);
}

describe('the class of one path', () => {
  const file: MadeFile = { path: '/bin/ping', size: 3, mode: '81ed' };
  it('has the facts of both sides', () => {
    const change = changeOf(file, { ...file, mode: '89ed', changed: 300 });
    expect(change).to.deep.include({
      path: '/bin/ping',
      change: 'metadata',
      mode: '04755',
      flags: ['setuid', 'executable'],
    });
    expect(change?.before).to.include({ mode: '0755', size: 3 });
  });
  it('is metadata where only the capabilities differ', () => {
    expect(changeOf(file, file, '0sAQ')).to.deep.include({
      change: 'metadata',
      flags: ['capabilities', 'executable'],
    });
    expect(changeOf(file, file)).to.include({ change: 'touched' });
  });
  it('escapes names and keeps their bytes', () => {
    const change = changeOf(undefined, { path: '/\x1b\xff', size: 1 });
    expect(change).to.include({ path: '/\\x1b\\xff', change: 'added', pathBytes: 'Lxv/' });
  });
});

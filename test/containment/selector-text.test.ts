import { expect } from 'chai';
import { parseSelector } from '../../src/containment/selector-text.ts';
import { selects } from '../../src/cluster/selector.ts';
import { UsageError } from '../../src/output/errors.ts';

describe('parseSelector', () => {
  const chosen = (text: string, labels: Record<string, string>): boolean =>
    selects(parseSelector(text), labels);

  it('reads what kubectl reads', () => {
    const labels = { app: 'web', 'example.org/tier': 'a' };
    for (const yes of [
      'app=web',
      'app == web',
      'app',
      '!canary',
      'app!=db',
      'canary!=yes',
      'app in (db, web)',
      'app notin (db,cache),example.org/tier=a',
      ' app=web , example.org/tier in (a,b)',
    ])
      expect(chosen(yes, labels), yes).to.equal(true);
    for (const no of ['app=db', 'app=', '!app', 'canary', 'app!=web', 'app in (db)', 'app,app=db'])
      expect(chosen(no, labels), no).to.equal(false);
  });

  it('refuses what is none', () => {
    for (const bad of ['', 'app=web,', 'app in web', 'app>1', 'a b', '(app)', 'app=(web)', '$(id)'])
      expect(() => parseSelector(bad), bad).to.throw(UsageError, 'label selector');
  });
});

import { expect } from 'chai';
import { UsageError } from '../../src/output/errors.ts';
import { type Choice, choiceOf } from '../../src/subcommands/choice.ts';

describe('choiceOf', () => {
  const digest = `sha256:${'0a'.repeat(32)}`;
  const chosen = (words: readonly string[], flags: Partial<Parameters<typeof choiceOf>[1]> = {}): Choice =>
    choiceOf(words, {
      selector: undefined,
      image: undefined,
      'service-account': undefined,
      'all-replicas': false,
      ...flags,
    });

  it('takes one pod, or several by what they have in common', () => {
    expect(chosen(['web'])).to.deep.equal({ target: { resource: 'pods', name: 'web' } });
    expect(chosen(['node', 'a'])).to.deep.equal({ selection: { by: 'node', name: 'a' } });
    expect(chosen(['deploy/web'], { 'all-replicas': true })).to.deep.equal({
      selection: { by: 'owner', target: { resource: 'deployments', name: 'web' } },
    });
    expect(chosen([], { selector: 'app=web' })).to.deep.equal({
      selection: { by: 'selector', text: 'app=web' },
    });
    expect(chosen([], { image: `registry.example/web@${digest}` })).to.deep.equal({
      selection: { by: 'image', digest },
    });
    expect(chosen([], { 'service-account': 'robot' })).to.deep.equal({
      selection: { by: 'account', name: 'robot' },
    });
  });

  it('refuses none, two at once, and what could mean more than it says', () => {
    for (const [words, flags, why] of [
      [[], {}, 'which pod'],
      [['deploy/web'], {}, '--all-replicas for all of its pods'],
      [['web'], { 'all-replicas': true }, 'takes an owner'],
      [['node/a'], { 'all-replicas': true }, 'a node has no replicas'],
      [['web'], { selector: 'app=web' }, 'give one of'],
      [[], { selector: 'app=web', image: digest }, 'give one of'],
      [[], { selector: 'app=web', 'all-replicas': true }, 'give one of'],
      [[], { selector: ' ' }, '--selector is empty'],
      [[], { image: 'web:1' }, 'a tag may mean several images'],
      [[], { image: digest.slice(0, -1) }, 'takes a digest'],
    ] as const)
      expect(() => chosen(words, flags), why).to.throw(UsageError, why);
  });
});

import { expect } from 'chai';
import { Story, type StoryLine } from '../../../../src/incident/report/read/story.ts';

const actor = { user: 'jane', host: 'laptop' };
const line = (seq: number, more: Partial<StoryLine>): StoryLine => ({
  seq,
  time: `2026-11-22T04:15:${String(seq % 60).padStart(2, '0')}Z`,
  actor,
  action: 'x',
  object: 'o',
  result: 'done',
  ...more,
});
const isolation = {
  pod: { namespace: 'prod', name: 'web', uid: 'u', node: 'n' },
  verification: { verdict: 'HOLDS' },
};

function told(...lines: StoryLine[]): Story {
  const story = new Story('ir-1');
  for (const one of lines) story.add(one);
  return story;
}

describe('Story', () => {
  const planned = line(2, {
    action: 'isolate',
    result: 'planned',
    details: {
      uid: 'u',
      record: {
        acts: [{ kind: 'detach', labels: { app: 'web' }, owner: { kind: 'ReplicaSet', name: 'web-1' } }],
      },
    },
  });
  const held = line(3, { action: 'isolate', result: 'HOLDS', details: { uid: 'u', isolation } });
  const released = line(4, { action: 'release', result: 'done', details: { uid: 'u' } });

  it('has the last isolation of a pod, with its plan, and whether it was lifted', () => {
    const story = told(planned, held, released);
    expect(story.isolations[0]).to.deep.include({
      verdict: 'HOLDS',
      planned: planned.time,
      line: 3,
      released: { time: released.time, result: 'done' },
    });
    expect(story.detached('u')).to.deep.equal({ owner: 'ReplicaSet/web-1', labels: ['app=web'] });
    expect(told(planned, held, released, held).isolations[0]).not.to.have.property('released');
    expect(told(line(1, { action: 'release', details: {} })).isolations).to.deep.equal([]);
  });

  it('has how long acts took', () => {
    const story = told(
      line(1, { action: 'acquire', object: 'node/node-a', result: 'started' }),
      line(5, {
        action: 'acquire',
        object: 'data/acquisitions/20261122T041501Z-node-node-a',
        result: 'complete',
      }),
      line(6, { action: 'seal' }),
    );
    expect(
      story.spans.map(({ lane, from, to, text }) => [lane, from.slice(17), to.slice(17), text]),
    ).to.deep.equal([
      ['collect', '01Z', '05Z', 'node node-a: complete'],
      ['seal', '06Z', '06Z', 'sealed'],
    ]);
  });

  it('has the first lines and counts all; a remark in its own words', () => {
    const story = told(
      ...Array.from({ length: 250 }, (_, i) => line(i + 1, {})),
      line(251, { action: 'remark', details: { remark: 'told' } }),
    );
    expect([story.custody.items.length, story.custody.total]).to.deep.equal([200, 251]);
    expect(told(line(1, { action: 'remark', details: { remark: 'told' } })).custody.items[0]).to.deep.include(
      { by: 'jane@laptop', result: 'told' },
    );
    expect(told(line(1, { actor: { user: 1 } })).custody.items[0]?.by).to.equal('unknown@unknown');
  });
});

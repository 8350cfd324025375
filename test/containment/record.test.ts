import { expect } from 'chai';
import fc from 'fast-check';
import { buildPlan } from '../../src/containment/plan.ts';
import { parseRecord, recordObject, recordOf, tickData, verdictData } from '../../src/containment/record.ts';
import type { ConfigMap } from '../../src/cluster/objects.ts';
import { OperationError } from '../../src/output/errors.ts';
import { shopProspect } from './subjects.ts';

const record = recordOf(buildPlan(shopProspect()), {
  created: new Date(Date.UTC(2026, 10, 22, 4, 15)),
  case: 'ir-20261122T041500Z-shop',
});
const annotation = 'karpenter.sh/do-not-disrupt';
const map = recordObject(record, 'kubectl-ir');

function changed(path: readonly string[], value: unknown): ConfigMap {
  const copy = structuredClone(record) as unknown as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce((at, key) => at[key] as Record<string, unknown>, copy);
  parent[path.at(-1) ?? ''] = value;
  return { ...map, data: { 'record.json': JSON.stringify(copy) } };
}

describe('the record', () => {
  it('comes back as it was written, with its ticks', () => {
    const tick = tickData('cut', 'done 2026-11-22T04:15:00.000Z');
    const found = parseRecord({ ...map, data: { ...map.data, ...tick } });
    expect(found.record).to.deep.equal(record);
    expect([...found.ticks]).to.deep.equal([['cut', 'done 2026-11-22T04:15:00.000Z']]);
  });

  it('has which containers and which sandbox a verdict was about', () => {
    const about = { containers: ['a'.repeat(64)], sandboxSince: '2026-11-22T04:00:00Z' };
    const verdict = { verdict: 'HOLDS', at: '2026-11-22T04:15:00.000Z', ...about } as const;
    expect(parseRecord({ ...map, data: { ...map.data, ...verdictData(verdict) } }).verdict).to.deep.equal(
      verdict,
    );
  });

  it('has the last verdict and its time, when it has one that is one', () => {
    const at = '2026-11-22T04:15:00.000Z';
    const data = verdictData({ verdict: 'LEAKS', at });
    const verdictOf = (text: string | undefined): unknown =>
      parseRecord({ ...map, data: { ...map.data, ...(text === undefined ? {} : { verdict: text }) } })
        .verdict;
    expect(verdictOf(data['verdict'])).to.deep.equal({ verdict: 'LEAKS', at });
    for (const text of [
      undefined,
      '',
      'HOLDS',
      `SAFE ${at}`,
      `HOLDS ${at}\n`,
      'HOLDS 2026-99-99T00:00:00.000Z',
    ])
      expect(verdictOf(text), text).to.equal(undefined);
  });

  const damaged: readonly [string, readonly string[], unknown][] = [
    ['another version', ['version'], 2],
    ['the uid of another pod', ['pod', 'uid'], '00000000-1111-4222-8333-444455556666'],
    ['a uid that is a path', ['pod', 'uid'], '../../etc'],
    ['a node with a newline', ['pod', 'node'], 'node-a\nnode-b'],
    ['a node that is an option', ['pod', 'node'], '-rf'],
    ['a name with an escape sequence', ['pod', 'name'], '\u001b[2J'],
    ['labels that are a list', ['acts', '4', 'labels'], ['app']],
    ['a label value that is no text', ['acts', '4', 'labels', 'app'], 7],
    ['a label key with a blank', ['acts', '4', 'labels', 'a b'], 'x'],
    ['a label value that is too long', ['acts', '4', 'labels', 'app'], 'x'.repeat(64)],
    ['an owner without uid', ['acts', '4', 'owner'], { kind: 'Job', name: 'x' }],
    ['a deletion cost that is an object', ['acts', '4', 'deletionCost'], {}],
    ['an annotation that is none of ours', ['acts', '0', 'annotations'], { 'a/b': 'x' }],
    [
      'a value of an annotation that is too long',
      ['acts', '0', 'annotations', annotation],
      'x'.repeat(1_001),
    ],
    ['a network that nobody knows', ['acts', '3', 'networks'], ['flannel']],
    ['an act that nobody knows', ['acts', '0', 'kind'], 'rm -rf /'],
    ['acts that are no list', ['acts'], { cut: true }],
    ['no pod', ['pod'], null],
  ];
  for (const [name, path, value] of damaged)
    it(`is refused with ${name}`, () => {
      expect(() => parseRecord(changed(path, value))).to.throw(OperationError, 'cannot be used');
    });

  it('is refused when it is missing, not JSON, or huge', () => {
    for (const text of [undefined, '', '{', 'null', '7', '[]', ' '.repeat(70_000)])
      expect(() => parseRecord({ ...map, data: text === undefined ? {} : { 'record.json': text } })).to.throw(
        OperationError,
      );
  });

  it('gives typed values or an OperationError for any JSON', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          ...Object.keys(record),
          'pod.uid',
          'pod.node',
          'acts.0.annotations',
          'acts.2.networks',
          'acts.3',
          'acts.3.labels',
        ),
        fc.jsonValue(),
        (path, value) => {
          try {
            const { record: read } = parseRecord(changed(path.split('.'), value));
            expect(read.pod.node).to.match(/^[a-z0-9.-]+$/);
            const labels = read.acts.flatMap((act) =>
              act.kind === 'detach' ? Object.values(act.labels) : [],
            );
            expect(labels.every((text) => /^[\w.-]*$/.test(text))).to.equal(true);
          } catch (error) {
            expect(error).to.be.instanceOf(OperationError);
          }
        },
      ),
    );
  });
});

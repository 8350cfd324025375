import { expect } from 'chai';
import type { JsonObject } from '../../../src/artifacts/json.ts';
import {
  fieldDifferences,
  holdsSecrets,
  mostDifferences,
  valueText,
} from '../../../src/incident/change/field-difference.ts';

function texts(before: object | undefined, after: object | undefined): string[] {
  return fieldDifferences(before as JsonObject, after as JsonObject).fields.map(
    (one) => `${one.path}: ${one.before ?? 'absent'} -> ${one.after ?? 'absent'}`,
  );
}

describe('fieldDifferences', () => {
  it('tells what decides what runs before a flood of what anybody may fill in', () => {
    const annotations = Object.fromEntries(
      Array.from({ length: 150 }, (_, at) => [at % 2 === 0 ? `a${at}` : `x/securityContext.image${at}`, 'x']),
    );
    const nodeSelector = { 'securityContext.hostPID': 'x' };
    const container = { name: 'web', image: 'x' };
    const after = {
      metadata: { annotations },
      spec: {
        nodeSelector,
        containers: [{ ...container, securityContext: { privileged: true } }],
        hostPID: true,
      },
    };
    const { fields, moreFields } = fieldDifferences(
      { metadata: {}, spec: { containers: [container] } },
      after,
      'spec.template',
    );
    expect(fields.slice(0, 2).map(({ path }) => path)).to.have.members([
      'spec.template.spec.containers[web].securityContext.privileged',
      'spec.template.spec.hostPID',
    ]);
    expect([fields.length, moreFields]).to.deep.equal([100, 53]);
  });
  it('tells elements of lists by their names, wherever they stand', () => {
    const before = { spec: { containers: [{ name: 'a', image: 'x' }, { name: 'web' }] } };
    const after = {
      spec: {
        containers: [
          { name: 'web', tty: true },
          { name: 'a', image: 'y' },
        ],
      },
    };
    expect(texts(before, after)).to.deep.equal([
      'spec.containers[a].image: "x" -> "y"',
      'spec.containers[web].tty: absent -> true',
    ]);
  });

  it('tells what came or went whole field by field, and plain lists as they are', () => {
    expect(texts({ a: {} }, { a: { b: { c: 1 } } })).to.deep.equal(['a.b.c: absent -> 1']);
    expect(
      texts({ args: ['x'], rules: [{ verbs: ['get'] }] }, { args: ['x', 'y'], rules: [] }),
    ).to.deep.equal(['args: ["x"] -> ["x","y"]', 'rules: [{"verbs":["get"]}] -> []']);
    expect(texts(undefined, { a: 1 })).to.deep.equal(['a: absent -> 1']);
  });

  it('leaves out what nobody sets', () => {
    const before = {
      status: 1,
      metadata: { uid: 1, managedFields: [1], annotations: { 'deployment.kubernetes.io/revision': '1' } },
    };
    expect(texts(before, { status: 2, metadata: { uid: 2 } })).to.deep.equal(
      ['metadata.annotations: {"deployment.kubernetes.io/revision":"1"} -> absent'].slice(1),
    );
  });

  it('prints no value whose name says that it is a secret', () => {
    const env = (value: string): object => ({
      env: [
        { name: 'DB_PASSWORD', value },
        { name: 'MODE', value },
      ],
    });
    expect(
      texts({ containers: [{ name: 'a', ...env('one') }] }, { containers: [{ name: 'a', ...env('two') }] }),
    ).to.deep.equal([
      'containers[a].env[DB_PASSWORD].value: (not printed) -> (not printed)',
      'containers[a].env[MODE].value: "one" -> "two"',
    ]);
    expect(texts({ kind: 'Secret', data: { x: 'a' } }, { kind: 'Secret', data: { x: 'b' } })).to.deep.equal([
      'data.x: (not printed) -> (not printed)',
    ]);
    expect(texts({}, { x: [{ name: 'API_TOKEN', value: 'hush' }] }).join()).to.not.contain('hush');
    expect(valueText({ deep: [{ name: 'TOKEN', value: 'hush' }], password: 'hush' })).to.not.contain('hush');
    expect([
      holdsSecrets({ kind: 'Secret' }),
      holdsSecrets({ token: 'x' }),
      holdsSecrets({ a: 'x' }),
    ]).to.deep.equal([true, true, false]);
  });

  it('stays bounded however an object was made', () => {
    let deep: object = { end: 1 };
    for (let level = 0; level < 5000; level += 1) deep = { a: deep };
    expect(texts({}, deep)).to.have.length(1);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, index]));
    const { fields, moreFields } = fieldDifferences({}, many);
    expect([fields.length, moreFields]).to.deep.equal([mostDifferences, 500 - mostDifferences]);
    expect(texts({ a: 'x' }, { a: 'y'.repeat(10_000) })[0]).to.have.length.below(400);
    expect(texts({ __proto__x: 1 }, { 'a.b"]\u001b': 1 })).to.include('["a.b\\"]\\u001b"]: absent -> 1');
    expect(texts({ l: [{ name: {} }, null] }, { l: [{ name: 'a' }, { name: 'a' }] })).to.have.length(1);
  });
});

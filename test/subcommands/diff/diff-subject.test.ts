import { expect } from 'chai';
import type { Choice } from '../../../src/subcommands/diff/diff-subject.ts';
import {
  isMany,
  subjectRights,
  parseSubject,
  subjectName,
  workOf,
} from '../../../src/subcommands/diff/diff-subject.ts';
import { OperationError, UsageError } from '../../../src/output/errors.ts';
import { aPod } from '../../fake-api/builders.ts';

const choice: Choice = {
  container: [],
  previous: false,
  freeze: false,
  selector: undefined,
  node: undefined,
  id: undefined,
};

describe('what diff is pointed at', () => {
  it('is a pod, an owner of pods, labels, or a container of a node', () => {
    const pod = parseSubject(['web'], choice);
    expect(pod).to.deep.equal({ pods: { target: { resource: 'pods', name: 'web' } } });
    expect([isMany(pod), subjectName(pod), subjectRights(pod, 'prod')]).to.deep.equal([false, 'web', []]);
    const owner = parseSubject(['deploy/shop'], choice);
    expect([isMany(owner), subjectName(owner)]).to.deep.equal([true, 'shop']);
    expect(subjectRights(owner, 'prod')).to.deep.equal([
      { verb: 'get', group: 'apps', resource: 'deployments', namespace: 'prod' },
      { verb: 'list', group: 'apps', resource: 'replicasets', namespace: 'prod' },
    ]);
    expect(subjectRights(parseSubject(['rc/old'], choice), 'prod')).to.deep.equal([
      { verb: 'get', resource: 'replicationcontrollers', namespace: 'prod' },
    ]);
    const labelled = parseSubject([], { ...choice, selector: 'app=shop' });
    expect([isMany(labelled), subjectName(labelled), subjectRights(labelled, 'prod')]).to.deep.equal([
      true,
      'pods',
      [],
    ]);
    const unknown = parseSubject([], { ...choice, node: 'node-a', id: `cri-o://${'a'.repeat(64)}` });
    expect(unknown).to.deep.equal({ node: 'node-a', id: 'a'.repeat(64) });
    expect([isMany(unknown), subjectName(unknown), subjectRights(unknown, 'prod')]).to.deep.equal([
      false,
      'a'.repeat(12),
      [],
    ]);
  });

  const wrong: readonly (readonly [readonly string[], Partial<Choice>, RegExp])[] = [
    [[], {}, /which pod/],
    [['node/a'], {}, /a pod or an owner of pods, not nodes/],
    [['web'], { selector: 'a=b' }, /not both/],
    [[], { node: 'a' }, /belong together/],
    [[], { id: 'a' }, /belong together/],
    [['web'], { node: 'a', id: 'b' }, /do not go with them/],
    [[], { node: 'a', id: 'b', previous: true }, /do not go with them/],
    [[], { node: 'a', id: 'b', freeze: true }, /do not go with them/],
    [[], { node: 'a', id: '../b' }, /is no container id/],
    [['web'], { previous: true, freeze: true }, /stops what runs now/],
  ];
  for (const [words, more, message] of wrong)
    it(`is not ${JSON.stringify([words, more])}`, () => {
      expect(() => parseSubject(words, { ...choice, ...more })).to.throw(UsageError, message);
    });
});

describe('the work of a diff', () => {
  const on = (name: string, nodeName: string | undefined): ReturnType<typeof aPod> =>
    aPod(name, { spec: { ...(nodeName === undefined ? {} : { nodeName }), containers: [{ name: 'app' }] } });
  const restarted = on('again', 'node-a');
  for (const status of restarted.status?.containerStatuses ?? [])
    status.lastState = { terminated: { exitCode: 1, containerID: `containerd://${'c'.repeat(64)}` } };

  it('is by node, without pods that are on none', () => {
    const work = workOf(
      [on('a', 'node-a'), on('b', 'node-b'), on('c', 'node-a'), on('d', undefined)],
      choice,
    );
    expect(
      work.map((one) => [one.node, 'pods' in one ? one.pods.map(({ metadata }) => metadata?.name) : []]),
    ).to.deep.equal([
      ['node-a', ['a', 'c']],
      ['node-b', ['b']],
    ]);
  });

  it('is that of pods of which something was restarted, with previous', () => {
    const work = workOf([on('a', 'node-b'), restarted], { ...choice, previous: true });
    expect(work.map(({ node }) => node)).to.deep.equal(['node-a']);
    expect(() => workOf([on('a', 'node-b')], { ...choice, previous: true })).to.throw(
      OperationError,
      'none was restarted',
    );
  });

  it('is none for pods on no node, or without the container', () => {
    expect(() => workOf([on('a', undefined), on('b', undefined)], choice)).to.throw(
      OperationError,
      'pod "a", "b" is not on a node yet: it has changed nothing',
    );
    expect(() => workOf([on('a', 'node-a')], { ...choice, container: ['x'] })).to.throw(
      OperationError,
      'has no container "x"',
    );
  });
});

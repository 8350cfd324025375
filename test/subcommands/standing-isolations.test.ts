import { expect } from 'chai';
import type { IsolationRecord } from '../../src/containment/record.ts';
import { stepsLeft } from '../../src/subcommands/standing-isolations.ts';
import { uid } from '../containment/subjects.ts';

const pod = { namespace: 'prod', name: 'web', uid, node: 'node-a' };
const record: IsolationRecord = {
  ...{ version: 1, pod, created: '2026-11-22T04:15:00.000Z' },
  acts: [{ kind: 'cut' }, { kind: 'token' }],
};

describe('stepsLeft', () => {
  const left = (step: string, standing: IsolationRecord = record): readonly string[] =>
    stepsLeft(['kubectl ir show c mounts', step], [standing]).slice(1);

  it('says where to look instead of isolating a pod again', () => {
    expect(left('kubectl ir isolate web -n prod')).to.deep.equal(['kubectl ir status']);
    expect(left('kubectl ir isolate web -n prod --cut-identity=token')).to.deep.equal(['kubectl ir status']);
  });

  it('leaves what was not done: another pod, the node, and what needs a release first, which it says', () => {
    // Isolating one pod may cordon its node, too.
    const cordoned: IsolationRecord = { ...record, acts: [{ kind: 'cordon' }] };
    expect(left('kubectl ir isolate node node-a', cordoned)).to.deep.equal([
      'kubectl ir isolate node node-a',
    ]);
    for (const step of [
      'kubectl ir isolate web -n dev',
      'kubectl ir isolate web-1 -n prod',
      'kubectl ir isolate node node-a',
    ])
      expect(left(step)).to.deep.equal([step]);
    expect(left('kubectl ir isolate web -n prod --cut-identity=bindings')).to.deep.equal([
      'kubectl ir isolate web -n prod --cut-identity=bindings   # after kubectl ir release, which opens it until then',
    ]);
  });
});

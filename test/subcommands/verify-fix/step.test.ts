import { expect } from 'chai';
import type { Recurrence } from '../../../src/incident/recurrence.ts';
import type { IsolationNow } from '../../../src/subcommands/verify-fix/look.ts';
import { isolationStep, traceStep } from '../../../src/subcommands/verify-fix/step.ts';

const pod = { namespace: 'prod', name: 'shop-1', uid: 'u', node: 'node-a' };
const isolation = (state: IsolationNow['state']): IsolationNow => ({ pod, state, reasons: [], drift: [] });
const kept = { node: 'node-a', namespace: 'prod', pod: 'shop-1' };
const finding = (seen: Recurrence['seen'], more: Partial<Recurrence> = {}): Recurrence => ({
  ...{ kind: 'finding', what: 'reverse-shell', title: 't', place: kept, state: 'still', seen },
  ...more,
});

describe('what verify-fix says is to be done', () => {
  it('about an isolation is to make one that is not there, and to renew one that leaks', () => {
    const steps = (['HOLDS', 'released', 'gone', 'open', 'LEAKS', 'UNVERIFIED'] as const).map((state) =>
      isolationStep(isolation(state), '/my case'),
    );
    expect(steps).to.deep.equal([
      ...['', '', ''],
      "kubectl ir isolate shop-1 -n prod --case '/my case'",
      "kubectl ir release shop-1 -n prod, then kubectl ir isolate shop-1 -n prod --case '/my case'",
      'mend why it was not seen, then run this again',
    ]);
  });

  it('leads to the cluster that was looked at', () => {
    const where = ' --context=prod';
    expect(isolationStep(isolation('LEAKS'), 'c', where)).to.equal(
      'kubectl ir release shop-1 -n prod --context=prod, then kubectl ir isolate shop-1 -n prod --case c --context=prod',
    );
    expect(traceStep(finding([kept]), [isolation('HOLDS')], 'c', where)).to.match(
      /kubectl ir release shop-1 -n prod --context=prod, then/,
    );
  });

  it('about a trace is what clears it where it is', () => {
    const step = (trace: Recurrence, state: IsolationNow['state'] = 'HOLDS'): string =>
      traceStep(trace, [isolation(state)], 'c');
    const other = { ...kept, pod: 'shop-2' };
    const rule = 'kubectl ir findings c --rule reverse-shell -o wide';
    expect(step(finding([kept]))).to.equal(
      'when its evidence is kept: kubectl ir release shop-1 -n prod, then kubectl delete pod shop-1 -n prod',
    );
    expect(step(finding([kept]), 'released')).to.equal(rule);
    expect(step(finding([kept, other]))).to.equal(rule);
    expect(step(finding([{ node: 'node-a' }], { state: 'new' }))).to.equal(rule);
    expect(step(finding([{ node: 'node-a' }], { why: 'the file lies there' }))).to.match(/^take it off/);
    expect(step(finding([other], { kind: 'change', what: 'added' }))).to.match(/^roll out an image/);
    expect(step(finding([], { state: 'not looked at' }))).to.match(/^mend why/);
    expect(step(finding([], { state: 'gone' }))).to.equal('');
  });
});

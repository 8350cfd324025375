import { expect } from 'chai';
import type { Escalation } from '../../../src/incident/plan/escalation-now.ts';
import { printEscalation } from '../../../src/subcommands/plan/escalate-output.ts';
import { memoryIo } from '../../support/memory-io.ts';

describe('printEscalation', () => {
  it('keeps each line of the message on a line, and lets none steer the terminal', async () => {
    const at = '2026-11-25T04:15:00Z';
    const escalation: Escalation = {
      apiVersion: 'kubectl-ir/v1',
      kind: 'Escalation',
      at,
      since: at,
      incident: { highProfile: false, dataInvolved: false },
      chains: ['a'],
      steps: [{ number: 1, at, state: 'now', parts: [{ chain: 'a', notify: ['rota/x'], who: [] }] }],
      step: 1,
      calls: [],
      gaps: [],
      lines: [{ id: 'l', use: 'primary', at: '#x\u001b[2J', dependsOnCluster: false }],
      message: 'one\ntwo\u202e\r',
    };
    const io = memoryIo();
    await printEscalation(io, escalation, undefined);
    expect(io.out()).to.contain('1      now     2026-11-25 04:15   nobody (rota/x)   -      a\n');
    expect(io.out()).to.contain('Talk on   l: #x\\x1b[2J (primary)\n');
    expect(io.out()).to.match(/\nSay\n {3}one\n {3}two\\xe2\\x80\\xae\\x0d\n$/);
  });
});

import type { Plan } from '../../../src/incident/plan/plan.ts';
import { rotaOf, weekly } from './rota-lab.ts';

/** Ann, Bob and Cho, of whom Ann and Bob take turns; Ann in the week of `moment`. */
export function planOf(plan: Partial<Plan> = {}): Plan {
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Plan',
    organisation: 'Kestrel',
    review: { last: '2026-11-01', everyDays: 90 },
    people: [
      {
        id: 'ann',
        name: 'Ann Lee',
        timeZone: 'Asia/Kolkata',
        reach: [
          { by: 'phone', at: '1' },
          { by: 'chat', at: '@ann' },
          { by: 'email', at: 'ann@example.org' },
        ],
      },
      { id: 'bob', name: 'Bob Ray', reach: [{ by: 'phone', at: '2' }] },
      { id: 'cho', name: 'Cho Kim', reach: [] },
    ],
    teams: [{ id: 'sec', name: 'Security', lead: 'cho', members: ['cho', 'bob'] }],
    areas: [{ id: 'storage', name: 'Volumes', primary: 'rota/infra', deputies: ['team/sec', 'person/ann'] }],
    rotas: [rotaOf({ layers: [weekly] })],
    severities: [{ id: 'SEV1', what: 'All is lost', respondWithinMinutes: 15 }],
    lines: [
      { id: 'chat', use: 'primary', at: '#incident', dependsOnCluster: true },
      { id: 'bridge', use: 'out-of-band', at: '+1 2', dependsOnCluster: false },
    ],
    escalation: [
      {
        id: 'all',
        steps: [
          { notify: ['rota/infra'], timeoutMinutes: 10, line: 'chat' },
          { notify: ['team/sec'], timeoutMinutes: 10, line: 'bridge' },
        ],
      },
    ],
    threats: [],
    playbooks: [],
    decisions: [],
    ...plan,
  };
}

export const moment = Date.parse('2026-11-25T04:15:00Z');

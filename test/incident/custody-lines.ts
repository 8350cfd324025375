import type { Act, CustodyLine } from '../../src/evidence/custody-line.ts';

/** Acts as lines of custody, a minute after each other from 04:00 on, by jane on a laptop. */
export function custodyLines(...acts: readonly Act[]): CustodyLine[] {
  return acts.map((act, index) => ({
    seq: index + 1,
    time: new Date(Date.UTC(2026, 10, 22, 4, index)).toISOString(),
    prev: '',
    actor: { api: '', user: 'jane', host: 'laptop' },
    ...act,
  }));
}

/** The act that a case begins with. */
export const opening: Act = { action: 'open', object: 'ir-x', result: 'done' };

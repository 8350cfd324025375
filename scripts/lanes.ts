import { basename } from 'node:path';
import type { Policy } from '../test/cluster/policy.ts';

/** Tests that run one after the other on one cluster; without a policy they start and end clusters themselves. */
export interface Stage {
  readonly policy?: Policy;
  /** Names of test files, below `test/`, without their ending. */
  readonly tests: readonly string[];
}

/** Stages that run one after the other, while other lanes run beside them on clusters of their own. */
export interface Lane {
  readonly name: string;
  /** In a machine within the machine (test/cluster/lane.sh), not on the machine itself, on which only one cluster can be. */
  readonly boxed: boolean;
  readonly stages: readonly Stage[];
}

/** End-to-end tests that ask nothing of policies, as many as make the lanes end together. */
const indifferent =
  /^(?:cli|diff|diff-engines|diff-tricks|findings|scope|show|snapshot|snapshot-(?:footprint|hostile|large|pod)|stats)$/;
/** Tests of what comes by most ways to a pod, beside which a capture listens on the machine's own interfaces. */
const onMachine = /^(?:isolate|isolation-.*|owners)$/;
const proof = 'isolation-proof';
/** Keeps to five seconds for what is lost first: first, far from what follows. */
const timed = 'respond';
/** Its emulated processors take both of the machine's: last, when nothing beside it keeps a time. */
const emulated = 'own-kernel';
/** Tests that end a command at many moments. */
const endedEarly = /^(?:interrupt.*|kill.*)$/;

/**
 * What `npm test` does on test clusters beside what must have the machine for itself. `endToEnd` names all end-to-end
 * tests, as paths; each runs in one lane, and isolation-proof also where policies are not enforced. Begun in this order, two at
 * a time, they end together, and beside the emulated processors runs what keeps no time.
 */
export function lanesOf(endToEnd: readonly string[]): Lane[] {
  const names = endToEnd.map((path) => basename(path, '.test.ts'));
  const inE2e = (wanted: (name: string) => boolean): string[] =>
    names.filter(wanted).map((name) => `e2e/${name}`);
  return [
    {
      name: 'machine',
      boxed: false,
      stages: [
        {
          policy: 'enforce',
          tests: [...inE2e((name) => name === timed), ...inE2e((name) => onMachine.test(name))],
        },
      ],
    },
    {
      name: 'enforce',
      boxed: true,
      stages: [
        {
          policy: 'enforce',
          tests: inE2e(
            (name) =>
              name !== timed &&
              name !== emulated &&
              ![indifferent, onMachine, endedEarly].some((others) => others.test(name)),
          ),
        },
      ],
    },
    {
      name: 'open',
      boxed: true,
      stages: [
        { tests: ['cluster/furniture', 'cluster/policy'] },
        {
          policy: 'none',
          tests: [
            ...inE2e((name) => indifferent.test(name) || name === proof),
            ...inE2e((name) => name === emulated),
          ],
        },
      ],
    },
    {
      name: 'ended-early',
      boxed: true,
      stages: [{ policy: 'enforce', tests: inE2e((name) => endedEarly.test(name)) }],
    },
  ];
}

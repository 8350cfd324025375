import type { NotPlanted } from './indicator.ts';

/** Of the 25, what would change the kernel that the test cluster shares with its machine, or asks for one of another build. */
export const notPlanted: readonly NotPlanted[] = [
  { number: 9, name: 'handler of core dumps', reason: 'one for the whole kernel' },
  {
    number: 10,
    name: 'release agent itself',
    reason: 'only in the root of a hierarchy, which the machine has',
  },
  {
    number: 11,
    name: 'helper for events, loader of modules, kinds of programs',
    reason: 'one for the whole kernel',
  },
  { number: 12, name: 'hidden module', reason: 'a module of the whole kernel' },
  { number: 18, name: 'process hidden by a rootkit', reason: 'needs code in the kernel' },
];

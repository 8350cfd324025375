import type { NotPlanted } from './indicator.ts';

const reason = 'of the whole kernel, see own-kernel.test.ts';

/**
 * Of the 25, what would change the kernel that the test cluster shares with its machine. It is planted on a node with a kernel
 * of its own: own-kernel.test.ts.
 */
export const notPlanted: readonly NotPlanted[] = [
  { number: 9, name: 'handler of core dumps', reason },
  { number: 10, name: 'release agent itself', reason },
  { number: 11, name: 'helper for events, loader of modules, kinds of programs', reason },
  { number: 12, name: 'hidden module', reason },
  { number: 18, name: 'process hidden by a rootkit', reason },
];

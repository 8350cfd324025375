import type { Indicator } from './indicator.ts';

/** Where the pods of the intruder are. */
export const intruders = 'e2e-findings-intruder';

/** Evidence of a process by its command line. */
export const process = (words: string): RegExp =>
  new RegExp(`^\\[root\\]/proc/[0-9]+/.*: pid [0-9]+ runs .*${words}`);
/** Evidence of a pod's object. */
export const api = (words: string): RegExp => new RegExp(`^live_response/kubernetes/pods.*: ${words}`);
/** The container of a pod of the intruder. */
export const of = (name: string, path?: string | RegExp): Indicator['subject'] => ({
  namespace: intruders,
  pod: name,
  container: 'main',
  ...(path === undefined ? {} : { path }),
});

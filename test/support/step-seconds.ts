import { parseTimeout } from '../../src/cluster/duration.ts';

/** Seconds that a command says it took for one of its steps: `done   diff   1m39s`. Throws when it says nothing of it. */
export function stepSeconds(stderr: string, step: string): number {
  const text = new RegExp(`^ +(?:done|part) +${step} +([0-9][0-9.hms]*)( |$)`, 'm').exec(stderr)?.[1];
  if (text === undefined) throw new Error(`nothing was said of the step ${step}: ${stderr}`);
  return (parseTimeout(text) ?? 0) / 1000;
}

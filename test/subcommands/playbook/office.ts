import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCase } from '../../../src/evidence/case.ts';
import type { CommandContext } from '../../../src/subcommands/command.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { smallPlan } from '../../support/small-plan.ts';

/** A case and a plan beside it. */
export interface Office {
  readonly dir: string;
  readonly plan: string;
}

/** Lends an office with a new case, in which a pod was isolated. */
export function inOffice(work: (office: Office) => Promise<void>): Promise<void> {
  return inSandbox(async (place) => {
    const office = { dir: join(place, 'case'), plan: join(place, 'ir-plan.yaml') };
    const opened = await openCase(memoryIo(), { dir: office.dir, target: 'web-0' });
    await opened.custody.append({
      action: 'isolate',
      object: 'pod/web-0 in namespace prod',
      result: 'LEAKS',
    });
    await opened.close();
    await writeFile(office.plan, smallPlan);
    await work(office);
  });
}

/** A way to run command lines that only notes them; each ends with the next of the codes. */
export function noted(...codes: number[]): {
  readonly lines: { readonly words: readonly string[]; readonly env: Readonly<Record<string, string>> }[];
  readonly runLine: NonNullable<CommandContext['runLine']>;
} {
  const lines: { words: readonly string[]; env: Readonly<Record<string, string>> }[] = [];
  return {
    lines,
    runLine: (words, env) => {
      lines.push({ words, env });
      const code = codes.shift() ?? 0;
      return Promise.resolve({ code, done: code === 0 });
    },
  };
}

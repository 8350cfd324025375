import { type Right, rightsText } from '../cluster/access.ts';
import { collectorNamespace } from '../collector/names.ts';
import { OperationError } from '../output/errors.ts';
import { terminalLine } from '../output/line.ts';
import { quotedWord } from '../output/shell-word.ts';
import type { Places } from './rights/right.ts';

/** Whose rights are lacking, and for what. */
export interface Lacking {
  /** Every command when none is named. */
  readonly command?: string | undefined;
  readonly username: string;
  readonly places: Places;
}

/** What an administrator can run to give a user what a command needs in a namespace. */
export function grantAdvice({ command, username, places }: Lacking): string {
  const word = (text: string): string => quotedWord(terminalLine(text));
  const only = command === undefined ? '' : ` --command ${command}`;
  const other =
    places.collectorNamespace === collectorNamespace
      ? ''
      : ` --collector-namespace ${word(places.collectorNamespace)}`;
  return `ask a cluster administrator to run: kubectl ir preflight${only} -n ${word(places.namespace)}${other} --print-rbac --as ${word(username)} | kubectl apply -f -`;
}

/** The error for missing rights: each one by name, and what an administrator can run about it. */
export function rightsError(
  lacking: Lacking & { readonly command: string },
  missing: readonly Right[],
): OperationError {
  const privileged = missing.some((right) => right.verb === 'create' && right.resource === 'pods');
  const note = '\n(creating pods in a privileged namespace amounts to root on every node)';
  const { username, command } = lacking;
  return new OperationError(`user "${username}" may not do what ${command} needs:\n${rightsText(missing)}`, {
    advice: `${grantAdvice(lacking)}${privileged ? note : ''}`,
  });
}

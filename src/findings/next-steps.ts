import { quotedWord } from '../output/shell-word.ts';
import type { Match, Subject } from './finding.ts';

/** Names of Kubernetes objects: RFC 1123 subdomains. Nothing else of a subject goes into a command. */
const name = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
/** Names of roles and bindings may be any part of a path; of those, what a shell and a reader take as one word. */
const roleName = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,251}$/;

/**
 * Commands of a rule with their places filled in: the case as the user typed it, quoted for a shell where it must be, and
 * names of the subject that are names of Kubernetes. A command that asks for another is left out.
 */
export function nextSteps(
  commands: readonly string[],
  caseWord: string,
  subject: Subject,
  names: Match['names'] = {},
): string[] {
  const values: Readonly<Record<string, string | undefined>> = {
    case: quotedWord(caseWord),
    node: harmless(subject.node),
    namespace: harmless(subject.namespace),
    pod: harmless(subject.pod),
    account: harmless(names.account),
    rolenamespace: harmless(names.rolenamespace),
    rolebinding: harmless(names.rolebinding, roleName),
    clusterrolebinding: harmless(names.clusterrolebinding, roleName),
  };
  return commands.flatMap((command) => {
    const places = [...command.matchAll(/\{([a-z]+)\}/g)].map(([, place = '']) => place);
    if (places.some((place) => values[place] === undefined)) return [];
    return [command.replace(/\{([a-z]+)\}/g, (_, place: string) => values[place] ?? '')];
  });
}

function harmless(text: string | undefined, form = name): string | undefined {
  return text !== undefined && form.test(text) ? text : undefined;
}

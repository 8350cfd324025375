import { type Block, commands, facts, heading, list, note, paragraph, type Section } from '../document.ts';
import { restOf } from '../excerpt.ts';
import type { Identity } from '../facts/identity.ts';
import type { Report } from '../report.ts';
import { codes } from '../words.ts';

/** What the account of a workload may do: so far somebody in the pod could get. */
export function identitySection({ identities, workloads, case: { name } }: Report): Section {
  const blocks: Block[] = identities.flatMap(blocksOf);
  if (identities.length === 0) {
    const [first] = workloads;
    blocks.push(paragraph('What the accounts of the workloads may do was not collected into this case.'));
    if (first !== undefined)
      blocks.push(commands([`kubectl ir snapshot pod ${first.pod} -n ${first.namespace} --case ${name}`]));
  }
  return { id: 'identity', title: 'Reach of identities', blocks };
}

function blocksOf({ account, pod, bindings, rules }: Identity): Block[] {
  const blocks: Block[] = [
    heading([{ code: account }]),
    facts([
      ['Used by', [{ code: pod }]],
      [
        'Bound by',
        bindings.length === 0
          ? 'no binding: it may do what everybody may'
          : codes(bindings.map(({ binding, role }) => `${binding} to ${role}`)),
      ],
    ]),
  ];
  if (rules.items.length > 0) blocks.push(list(rules.items));
  const rest = restOf(rules, 'rules');
  if (rest !== undefined) blocks.push(note(rest));
  return blocks;
}

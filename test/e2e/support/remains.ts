import { expect } from 'chai';
import type { Outcome } from '../../cluster/run.ts';
import { ours, rulesOn, traces } from './traces.ts';
import { kubectl, kubectlIr } from './world.ts';

/** A pod that was there before anything was done. */
export interface Suspect {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  /** Labels, annotations and owner as they were. */
  readonly untouched: string;
}

/** The one pod with a label. */
export async function suspectOf(namespace: string, selector: string, node: string): Promise<Suspect> {
  const path = '{.items[0].metadata.name} {.items[0].metadata.uid}';
  const select = ['-n', namespace, '-l', selector, '-o', `jsonpath=${path}`];
  const [pod = '', uid = ''] = (await kubectl(['get', 'pods', ...select])).split(' ');
  return { namespace, pod, uid, node, untouched: await identity({ namespace, pod }) };
}

/**
 * Only isolations with their records may stand, without the rules that only count, and only when the command said so or
 * died before it could do anything; `release` takes them away, and the pods are then as they were.
 */
export async function checkRemains(
  suspects: readonly Suspect[],
  release: (said: string) => Promise<Outcome>,
  outcome: Outcome,
  said: string,
): Promise<void> {
  for (const { node } of suspects)
    expect(
      (await rulesOn(node)).filter((line) => line.includes('ir-count')),
      said,
    ).to.deep.equal([]);
  const left = (await Promise.all(suspects.map((one) => ours(one)))).filter((names) => names.length > 0);
  for (const names of left) expect(names, said).to.satisfy(isRecorded);
  if (left.length > 0) {
    if (outcome.stdout + outcome.stderr !== '')
      expect(outcome.stdout + outcome.stderr, said).to.match(/still stands|Undo|release|kubectl ir status/);
    const released = await release(said);
    expect(released.code, `${said}\n${released.stderr}`).to.equal(0);
  }
  for (const one of suspects) {
    expect(await traces(one), said).to.deep.equal([]);
    expect(await identity(one), said).to.equal(one.untouched);
  }
}

/** Releases what words name and gives the pods back. */
export function releaseOf(words: readonly string[], flags: readonly string[]): () => Promise<Outcome> {
  return () => kubectlIr(['release', ...words, '--yes', '--return', ...flags]);
}

/** A record, and nothing beside it but a pod with our label, policies and guards; above all no collector. */
export function isRecorded(names: readonly string[]): boolean {
  const allowed =
    /^(?:pod\/(?!ir-)|(?:configmap|networkpolicy|poddisruptionbudget|validatingadmissionpolicy(?:binding)?)\/ir-)/;
  return names.some((name) => name.startsWith('configmap/')) && names.every((name) => allowed.test(name));
}

function identity({ namespace, pod }: Pick<Suspect, 'namespace' | 'pod'>): Promise<string> {
  const path = '{.metadata.uid} {.metadata.labels} {.metadata.annotations} {.metadata.ownerReferences}';
  return kubectl(['get', 'pod', pod, '-n', namespace, '-o', `jsonpath=${path}`]);
}

import { OperationError } from '../../output/errors.ts';
import { bindingText } from '../facts/grant.ts';
import type { Identity } from '../identity.ts';
import type { Performed, Performing, Undoing, Validating } from './act.ts';
import { type BindingCut, putBack, takeOut } from './binding-subjects.ts';

/** Takes the pod's account out of the bindings that name it. */
export interface BindingsAction {
  readonly kind: 'bindings';
  readonly summary: string;
  readonly bindings: readonly BindingCut[];
}

/** What was in each binding before. */
export interface BindingsRecord {
  readonly kind: 'bindings';
  readonly bindings: readonly BindingCut[];
}

/** The bindings to edit; undefined when none names the account. */
export function planBindings({ account, grants }: Identity): BindingsAction | undefined {
  const bindings = grants
    .filter(({ own }) => own.length > 0)
    .map(({ namespace, name, uid, own }) => ({
      ...(namespace === undefined ? {} : { namespace }),
      ...{ name, uid, own },
    }));
  if (bindings.length === 0) return undefined;
  const groups = [...new Set(grants.flatMap(({ group }) => (group === undefined ? [] : [group])))];
  const open = groups.length === 0 ? '' : `; rights through ${groups.join(', ')} stay`;
  return {
    kind: 'bindings',
    summary: `serviceaccount/${account.name} taken out of ${bindings.map(bindingText).join(', ')}: no reads either, for every pod that runs as it${open}`,
    bindings,
  };
}

/**
 * Edits the bindings, none of them before the server was asked for each as a dry run: it asks the same right of who takes a subject
 * out as of who puts it back (kube-apiserver, rolebinding/policybased), so what can't be undone is not begun.
 */
export async function performBindings(
  { summary, bindings }: BindingsAction,
  at: Performing,
): Promise<Performed> {
  const { api, signal } = at;
  const podUid = at.subject.uid;
  const refused: string[] = [];
  const able: BindingCut[] = [];
  for (const cut of bindings) {
    const why = await refusal(() => takeOut(api, cut, { podUid, dryRun: true, signal }));
    if (why === undefined) able.push(cut);
    else refused.push(`${bindingText(cut)}: ${why}`);
  }
  if (able.length === 0) throw new OperationError(`no binding may be edited: ${refused.join('; ')}`);
  at.stands(`the account taken out of ${able.map(bindingText).join(', ')}`);
  for (const cut of able) {
    const why = await refusal(() => takeOut(api, cut, { podUid, signal }));
    if (why !== undefined) refused.push(`${bindingText(cut)}: ${why}`);
  }
  if (refused.length === 0) return { outcome: 'done', detail: summary };
  return { outcome: 'part', detail: `${summary}; not done, so those rights stay: ${refused.join('; ')}` };
}

/** What the server would do, in kubectl's words. */
export async function validateBindings({ bindings }: BindingsAction, at: Validating): Promise<string[]> {
  const podUid = at.subject.uid;
  for (const cut of bindings) await takeOut(at.api, cut, { podUid, dryRun: true, signal: at.signal });
  return bindings.map((cut) => `${bindingText(cut)} edited (server dry run)`);
}

/** Puts the subjects back. Throws OperationError that names each binding that could not be mended. */
export async function undoBindings({ bindings }: BindingsRecord, at: Undoing): Promise<string> {
  const refused: string[] = [];
  const podUid = at.pod.uid;
  for (const cut of bindings) {
    const why = await refusal(() => putBack(at.api, cut, { podUid, signal: at.signal }));
    if (why !== undefined) refused.push(why);
  }
  if (refused.length > 0) throw new OperationError(refused.join('; '));
  return `subjects back in ${bindings.map(bindingText).join(', ')}`;
}

async function refusal(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return error.message;
  }
}

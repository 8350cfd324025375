import type { Api } from '../../cluster/api.ts';
import { getObjectOrUndefined, patchObject } from '../../cluster/apply.ts';
import type { ClusterRoleBinding, RoleBinding, RoleSubject } from '../../cluster/objects.ts';
import type { ObjectRef } from '../../cluster/path.ts';
import { ApiError, OperationError } from '../../output/errors.ts';
import { bindingText, type Grant } from '../facts/grant.ts';
import { checkedUid } from '../names.ts';

/** A binding, and the subjects that are taken out of it, with their places in its list. */
export type BindingCut = Pick<Grant, 'namespace' | 'name' | 'uid' | 'own'>;

export interface EditOptions {
  /** Of the isolated pod. */
  readonly podUid: string;
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
}

const conflictsAtMost = 10;
/** Annotation on an edited binding, with the pod's uid behind it: the subjects that were taken out. */
const markPrefix = 'kubectl-ir/taken-out-';

/** Reference to a binding. */
export function bindingRef({ namespace, name }: Pick<BindingCut, 'namespace' | 'name'>): ObjectRef {
  const resource = namespace === undefined ? 'clusterrolebindings' : 'rolebindings';
  return { apiVersion: 'rbac.authorization.k8s.io/v1', resource, namespace, name };
}

/**
 * Takes subjects out of a binding and marks it with them; what is out already stays so. Throws OperationError when the binding is
 * another one by now.
 */
export function takeOut(api: Api, cut: BindingCut, options: EditOptions): Promise<void> {
  return edit(api, cut, options, (subjects, mark) => {
    const kept = subjects.filter((one) => !isOneOf(one, cut));
    if (mark !== undefined || kept.length === subjects.length) return undefined;
    return { subjects: kept, mark: JSON.stringify(cut.own) };
  });
}

/**
 * Puts subjects back, each in its place as far as there is one, and takes our mark off. Whoever may write records may not write
 * bindings: without a mark that says the same as the record nobody is given a right. Throws OperationError then.
 */
export function putBack(api: Api, cut: BindingCut, options: EditOptions): Promise<void> {
  return edit(api, cut, options, (subjects, mark) => {
    const missing = cut.own.filter(({ subject }) => !subjects.some((one) => isSame(one, subject)));
    if (mark === undefined && missing.length === 0) return undefined;
    if (mark !== JSON.stringify(cut.own)) {
      throw new OperationError(
        `${bindingText(cut)} does not carry the mark that its subjects were taken out`,
        {
          advice: 'compare it with the custody lines of the case, and put them back by hand',
        },
      );
    }
    const whole = [...subjects];
    for (const { index, subject } of missing) whole.splice(Math.min(index, whole.length), 0, subject);
    return { subjects: whole, mark: null };
  });
}

/** The subjects of the cut that a binding has. */
export function subjectsIn(binding: RoleBinding | ClusterRoleBinding, cut: BindingCut): RoleSubject[] {
  return (binding.subjects ?? []).filter((one) => isOneOf(one, cut));
}

/** Changes the list as it is now: the server refuses it when somebody wrote in between, and it is read again. */
async function edit(
  api: Api,
  cut: BindingCut,
  { podUid, dryRun, signal }: EditOptions,
  edited: (
    subjects: readonly RoleSubject[],
    mark: string | undefined,
  ) => { readonly subjects: readonly RoleSubject[]; readonly mark: string | null } | undefined,
): Promise<void> {
  const ref = bindingRef(cut);
  const key = `${markPrefix}${checkedUid(podUid)}`;
  for (let conflicts = 0; ; conflicts += 1) {
    const live = await getObjectOrUndefined<RoleBinding>(api, ref, signal);
    const { uid, resourceVersion, annotations } = live?.metadata ?? {};
    if (uid !== cut.uid) {
      const why = uid === undefined ? 'is gone' : 'is another one by now';
      throw new OperationError(`${bindingText(cut)} ${why}: somebody deleted or replaced it`);
    }
    const change = edited(live?.subjects ?? [], annotations?.[key]);
    if (change === undefined) return;
    const metadata = { uid, resourceVersion, annotations: { [key]: change.mark } };
    try {
      await patchObject(api, ref, { metadata, subjects: change.subjects }, { type: 'merge', dryRun, signal });
      return;
    } catch (error) {
      const conflict = error instanceof ApiError && error.reason === 'Conflict';
      if (!conflict || conflicts === conflictsAtMost) throw error;
    }
  }
}

function isOneOf(subject: RoleSubject, { own }: BindingCut): boolean {
  return own.some((one) => isSame(one.subject, subject));
}

function isSame(one: RoleSubject, other: RoleSubject): boolean {
  return (
    one.kind === other.kind &&
    one.name === other.name &&
    (one.namespace ?? '') === (other.namespace ?? '') &&
    (one.apiGroup ?? '') === (other.apiGroup ?? '')
  );
}

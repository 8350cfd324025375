/** Where something was found; what is not known is missing. All of it is escaped text. */
export interface Place {
  readonly node: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly pid?: number;
  readonly path?: string;
}

/** Something that a fix is to take away: a finding, or a change of a container's file system. */
export interface Trace {
  readonly kind: 'finding' | 'change';
  /** The rule of a finding; of a change what happened to its path, such as `added`. */
  readonly what: string;
  /** In words. */
  readonly title: string;
  readonly severity?: string;
  readonly place: Place;
  /** Of a change's content, where it was read. */
  readonly sha256?: string;
  /** The file of the node that a finding is about, as evidence has it. */
  readonly file?: { readonly name: string; readonly sha256: string };
}

/** `still`: found again; `new`: found now and not before; `gone`: looked for everywhere and not found. */
export type Recurring = 'still' | 'new' | 'not looked at' | 'gone';

/** What became of one trace. */
export interface Recurrence extends Trace {
  readonly state: Recurring;
  /** Where it is now. */
  readonly seen: readonly Place[];
  /** Why it is not known, or what else is to be said of it. */
  readonly why?: string;
}

/** What was looked at the second time. */
export interface SecondLook {
  /** Name that the pods of a workload have in common wherever they run; undefined for pods that the case is not about. */
  readonly workload: (namespace: string, pod: string) => string | undefined;
  /** What of a trace is there although it was not found again: a rule may need what went with the pod. */
  readonly remains: (trace: Trace) => string | undefined;
  /** Why it can't be said of a trace that it is gone; undefined when every place of it was looked at. */
  readonly unseen: (trace: Trace) => string | undefined;
}

/**
 * The same finding again: the same rule and subject, whatever the pid. The same change again: the same path, kind and content.
 * Either in any pod that takes the place of its pod; what is of no pod, or of one that the case is not about, on the same node only.
 */
export function traceKey(
  { kind, what, place, sha256 = '' }: Trace,
  look: Pick<SecondLook, 'workload'>,
): string {
  const { node, namespace = '', pod, container = '', path = '' } = place;
  const workload = pod === undefined ? undefined : look.workload(namespace, pod);
  const where = workload ?? [node, namespace, pod ?? ''].join('\0');
  return [kind, what, where, container, path, kind === 'change' ? sha256 : ''].join('\0');
}

/** What became of the traces of a case, by what was found the second time: what is left first. */
export function recurrences(
  before: readonly Trace[],
  after: readonly Trace[],
  look: SecondLook,
): Recurrence[] {
  const now = grouped(after, look);
  const known = grouped(before, look);
  const told = [...known].map(([key, [trace, ...others]]): Recurrence => {
    const again = now.get(key);
    if (again !== undefined)
      return { ...gravest(again), state: 'still', seen: again.map(({ place }) => place) };
    const left = [trace, ...others].map(look.remains).find((one) => one !== undefined);
    if (left !== undefined)
      return { ...trace, state: 'still', seen: [{ node: trace.place.node }], why: left };
    const why = look.unseen(trace) ?? others.map(look.unseen).find((one) => one !== undefined);
    return why === undefined
      ? { ...trace, state: 'gone', seen: [] }
      : { ...trace, state: 'not looked at', seen: [], why };
  });
  const fresh = [...now].flatMap(([key, found]): Recurrence[] =>
    known.has(key) ? [] : [{ ...gravest(found), state: 'new', seen: found.map(({ place }) => place) }],
  );
  return [...told, ...fresh].sort((one, other) => states.indexOf(one.state) - states.indexOf(other.state));
}

const states: readonly Recurring[] = ['still', 'new', 'not looked at', 'gone'];
const severities = ['critical', 'high', 'medium', 'low', 'info'];

function grouped(traces: readonly Trace[], look: SecondLook): Map<string, [Trace, ...Trace[]]> {
  const groups = new Map<string, [Trace, ...Trace[]]>();
  for (const trace of traces) {
    const key = traceKey(trace, look);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trace]);
    else group.push(trace);
  }
  return groups;
}

function gravest([first, ...others]: readonly [Trace, ...Trace[]]): Trace {
  const weight = ({ severity = '' }: Trace): number => severities.indexOf(severity);
  return others.reduce((worst, one) => (weight(one) < weight(worst) ? one : worst), first);
}

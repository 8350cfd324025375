import { type Access, type Binding, parseAccess, type Role } from './access.ts';
import { type ClusterAddress, parseClusterAddresses } from './cluster-address.ts';
import type { Source, Traced } from './finding.ts';
import { parsePod, parsePods, type Pod } from './pods.ts';

/** What API server and kubelet say. Lists are in the order of the acquisitions. */
export interface ClusterTraces {
  /** Of a pod that was seen twice, the last look. */
  readonly pods?: readonly Traced<Pod>[];
  /** Pods as each list of the API server has them, list by list. */
  readonly looks: readonly Traced<Pod>[];
  readonly kubeletPods?: readonly Traced<Pod>[];
  /** Pods that an acquisition is about, as somebody suspects them. */
  readonly suspects: readonly Traced<Pod>[];
  /** Bindings and roles by the acquisition that took them: those that concern the pods of the same acquisition. */
  readonly access: ReadonlyMap<string, Access>;
  /** Addresses of the cluster's own; undefined where no list of Services came. */
  readonly clusterAddresses?: readonly ClusterAddress[];
}

const answer =
  /^live_response\/kubernetes\/(?:(?:kubelet\/)?pods|(?:cluster)?role|(?:services|endpointslices|node)(?:-[0-9]+)?\.json$)/;
const addresses = /^live_response\/kubernetes\/(services|endpointslices|node)/;
/** Kept of one sort, but for pods, which are parsed as a whole. */
const most = 200_000;

/** Writes down the answers of API server and kubelet. */
export class ClusterBook {
  #pods: Traced<Pod>[] | undefined;
  readonly #looks: Traced<Pod>[] = [];
  #kubeletPods: Traced<Pod>[] | undefined;
  readonly #suspects: Traced<Pod>[] = [];
  #addresses: ClusterAddress[] = [];
  #services = false;
  readonly #access = new Map<string, { bindings: Traced<Binding>[]; roles: Traced<Role>[] }>();

  /** True for an answer that is kept here. */
  static wants(name: string): boolean {
    return answer.test(name);
  }

  /** Takes an answer; what it is not, a sentence, when it is not what its name says. */
  add(name: string, source: Source, bytes: Buffer): string | undefined {
    if (name.startsWith('live_response/kubernetes/pods/')) return this.#addSuspect(source, bytes);
    const list = addresses.exec(name)?.[1];
    if (list !== undefined) return this.#addAddresses(list, bytes);
    return /^live_response\/kubernetes\/(?:kubelet\/)?pods/.test(name)
      ? this.#addPods(name, source, bytes)
      : this.#addAccess(source, bytes);
  }

  traces(): ClusterTraces {
    return {
      ...(this.#pods === undefined ? {} : { pods: this.#pods }),
      ...(this.#kubeletPods === undefined ? {} : { kubeletPods: this.#kubeletPods }),
      looks: this.#looks,
      suspects: this.#suspects,
      access: this.#access,
      ...(this.#services ? { clusterAddresses: this.#addresses } : {}),
    };
  }

  #addPods(name: string, source: Source, bytes: Buffer): string | undefined {
    const pods = parsePods(bytes);
    if (pods === undefined) return 'it is no list of pods';
    const traced = pods.map((value) => ({ source, value }));
    const again = new Set(pods.map(({ uid }) => uid));
    const before = (list: Traced<Pod>[] = []): Traced<Pod>[] =>
      list.filter(({ value }) => !again.has(value.uid));
    if (name.includes('/kubelet/')) this.#kubeletPods = [...before(this.#kubeletPods), ...traced];
    else {
      this.#pods = [...before(this.#pods), ...traced];
      this.#looks.push(...traced);
    }
    return undefined;
  }

  #addAddresses(list: string, bytes: Buffer): string | undefined {
    const found = parseClusterAddresses(bytes);
    if (found === undefined) return 'it is no list';
    this.#services ||= list === 'services';
    this.#addresses = [...this.#addresses, ...found].slice(0, most);
    return undefined;
  }

  #addSuspect(source: Source, bytes: Buffer): string | undefined {
    const value = parsePod(bytes);
    if (value === undefined) return 'it is no pod';
    if (this.#suspects.length < most) this.#suspects.push({ source, value });
    return undefined;
  }

  #addAccess(source: Source, bytes: Buffer): string | undefined {
    const parsed = parseAccess(bytes);
    if (parsed === undefined) return 'it is no list of bindings or roles';
    const { bindings, roles } = this.#access.get(source.acquisition) ?? { bindings: [], roles: [] };
    this.#access.set(source.acquisition, { bindings, roles });
    for (const value of parsed.bindings) if (bindings.length < most) bindings.push({ source, value });
    for (const value of parsed.roles) if (roles.length < most) roles.push({ source, value });
    return undefined;
  }
}

/** True for a look of the API server at a pod from before the node was looked at. */
export function isBefore({ source: { name } }: Traced<Pod>): boolean {
  return name.startsWith('live_response/kubernetes/pods-before');
}

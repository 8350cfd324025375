import {
  type JsonObject,
  booleanOf,
  jsonObject,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from './json.ts';
import type { Malformed } from './lines.ts';
import { present } from './present.ts';

/** What a container was started with: OCI runtime-spec config.md; annotations of containerd internal/cri/annotations and of CRI-O. */
export interface OciSpec {
  /** By the directory of the file. */
  readonly id: string;
  readonly kind?: string;
  readonly container?: string;
  readonly pod?: string;
  readonly namespace?: string;
  readonly podUid?: string;
  readonly sandbox?: string;
  readonly image?: string;
  /** Who made it, where the engine says so: `cri-o`, or `libpod` for podman. */
  readonly manager?: string;
  readonly args: readonly string[];
  readonly environment: readonly string[];
  readonly directory?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly terminal: boolean;
  /** Effective capabilities, without `CAP_`. */
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
  /** Namespaces of its own; those with a path are joined. A kind that is missing is the node's. */
  readonly namespaces: readonly { readonly type: string; readonly path?: string }[];
  readonly mounts: readonly {
    readonly destination: string;
    readonly source: string;
    readonly type: string;
    readonly options: readonly string[];
  }[];
  readonly devices: readonly string[];
  /** True when every device may be used. */
  readonly allDevices: boolean;
  readonly maskedPaths: readonly string[];
  readonly readOnlyPaths: readonly string[];
  readonly seccomp: boolean;
  /** Processors that its processes may use together; missing where there is no limit. */
  readonly processors?: number;
  readonly appArmor?: string;
  readonly cgroup?: string;
  readonly rootPath?: string;
  readonly readOnlyRoot: boolean;
  /** Programs that the runtime runs on the node. */
  readonly hooks: readonly string[];
}

/** The specification in a file `…/ID/config.json`. */
export function* parseOciSpec(bytes: Buffer, path: Buffer): Generator<OciSpec | Malformed> {
  const spec = jsonObject(bytes);
  const process = objectOf(spec?.['process']);
  if (spec === undefined || textOf(spec['ociVersion']) === undefined) {
    yield { malformed: 'no specification of a container', offset: 0 };
    return;
  }
  const linux = objectOf(spec['linux']);
  const root = objectOf(spec['root']);
  const user = objectOf(process?.['user']);
  const id = /([^/]+)\/(?:userdata\/)?config\.json$/.exec(path.toString('utf8'))?.[1] ?? '';
  yield {
    id,
    ...identity(objectOf(spec['annotations']) ?? {}),
    args: textsOf(process?.['args']),
    environment: textsOf(process?.['env']),
    ...present({
      directory: textOf(process?.['cwd']),
      uid: numberOf(user?.['uid']),
      gid: numberOf(user?.['gid']),
      appArmor: textOf(process?.['apparmorProfile']),
      cgroup: textOf(linux?.['cgroupsPath']),
      rootPath: textOf(root?.['path']),
      processors: processorsOf(objectOf(objectOf(linux?.['resources'])?.['cpu'])),
    }),
    terminal: booleanOf(process?.['terminal']) ?? false,
    capabilities: textsOf(objectOf(process?.['capabilities'])?.['effective']).map((name) =>
      name.replace(/^CAP_/, ''),
    ),
    noNewPrivileges: booleanOf(process?.['noNewPrivileges']) ?? false,
    namespaces: objectsOf(linux?.['namespaces']).map((one) => ({
      type: textOf(one['type']) ?? '',
      ...present({ path: textOf(one['path']) }),
    })),
    mounts: objectsOf(spec['mounts']).map((mount) => ({
      destination: textOf(mount['destination']) ?? '',
      source: textOf(mount['source']) ?? '',
      type: textOf(mount['type']) ?? '',
      options: textsOf(mount['options']),
    })),
    devices: objectsOf(linux?.['devices']).map((device) => textOf(device['path']) ?? ''),
    allDevices: objectsOf(objectOf(linux?.['resources'])?.['devices']).some(allowsAll),
    maskedPaths: textsOf(linux?.['maskedPaths']),
    readOnlyPaths: textsOf(linux?.['readonlyPaths']),
    seccomp: objectOf(linux?.['seccomp']) !== undefined,
    readOnlyRoot: booleanOf(root?.['readonly']) ?? false,
    hooks: Object.values(objectOf(spec['hooks']) ?? {})
      .flatMap(objectsOf)
      .map((hook) => textOf(hook['path']) ?? ''),
  };
}

/** Quota of each period, microseconds both; 0 and less is none. */
function processorsOf(cpu: JsonObject | undefined): number | undefined {
  const [quota = 0, period = 0] = [numberOf(cpu?.['quota']), numberOf(cpu?.['period'])];
  return quota > 0 && period > 0 ? quota / period : undefined;
}

function identity(annotations: JsonObject): Partial<OciSpec> {
  const either = (containerd: string, crio: string): string | undefined =>
    textOf(annotations[`io.kubernetes.cri.${containerd}`]) ??
    textOf(annotations[`io.kubernetes.cri-o.${crio}`]);
  return present({
    kind: either('container-type', 'ContainerType'),
    // The name in the pod; CRI-O's own annotation holds a longer one.
    container:
      textOf(annotations['io.kubernetes.container.name']) ?? either('container-name', 'ContainerName'),
    pod: either('sandbox-name', 'KubeName') ?? textOf(annotations['io.kubernetes.pod.name']),
    namespace: either('sandbox-namespace', 'Namespace') ?? textOf(annotations['io.kubernetes.pod.namespace']),
    podUid: either('sandbox-uid', 'PodUid') ?? textOf(annotations['io.kubernetes.pod.uid']),
    sandbox: either('sandbox-id', 'SandboxID'),
    image: either('image-name', 'ImageName'),
    manager: textOf(annotations['io.container.manager']),
  });
}

/** A rule that lets every device be read, written and made. */
function allowsAll(rule: JsonObject): boolean {
  const everyKind = rule['type'] === undefined || rule['type'] === 'a';
  const wild = (key: string): boolean => rule[key] === undefined || rule[key] === -1;
  return (
    rule['allow'] === true && everyKind && wild('major') && wild('minor') && textOf(rule['access']) === 'rwm'
  );
}

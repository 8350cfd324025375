import type { JsonObject } from '../../artifacts/json.ts';
import { jsonObject, objectOf, objectsOf } from '../../artifacts/json.ts';
import { type KubeletConfiguration, parseKubeletConfiguration } from '../../artifacts/kubelet-config.ts';
import { isMalformed } from '../../artifacts/lines.ts';
import { PodDiffPieces } from '../../artifacts/pod-diff.ts';
import type { ItemRecord } from '../../evidence/item-record.ts';
import { ChangeReading } from '../../incident/report/read/changes.ts';
import { readIdentity } from '../../incident/report/read/identity.ts';
import { containerdOrigins, dockerOrigin, type Origin } from '../../incident/report/read/image-labels.ts';
import { kubeletHardening, readNode } from '../../incident/report/read/node.ts';
import { type PodFacts, readPod } from '../../incident/report/read/pod.ts';
import type { ContainerFacts } from '../../incident/report/facts/changes.ts';
import type { Identity } from '../../incident/report/facts/identity.ts';
import type { Hardening } from '../../incident/report/facts/nodes.ts';
import { OperationError, VerificationError } from '../../output/errors.ts';
import type { OpenAcquisition } from '../timeline-sources.ts';
import type { Trouble } from './open-case.ts';

/** A list or object of the API server is not longer. */
const longestObject = 64 * 1024 * 1024;
/** What a catalogue of containers is cut at. */
const longestDatabase = 256 * 1024 * 1024;
const containerdDatabase = /^\[root\]\/var\/lib\/containerd\/io\.containerd\.metadata\.v1\.bolt\/meta\.db$/;
const dockerContainer = /^\[root\]\/var\/lib\/docker\/containers\/[0-9a-f]{64}\/config\.v2\.json$/;
const kubernetes = 'live_response/kubernetes/';

/** What acquisitions hold of the API's objects and of comparisons. */
export interface Objects {
  /** By uid; the first look at a pod stays, as isolation changes its labels and owners. */
  readonly pods: Map<string, PodFacts>;
  readonly nodes: Map<string, NonNullable<ReturnType<typeof readNode>>>;
  readonly kubelets: Hardening[];
  readonly containers: ContainerFacts[];
  readonly identities: Identity[];
  /** Names of Services that select a pod, by the pod as `NAMESPACE/NAME`. */
  readonly services: Map<string, readonly string[]>;
  /** What the labels of images say, by the ids of containers. */
  readonly origins: Map<string, Origin>;
  /** What runtimes made in containers, by `placeKey`. */
  readonly runtime: Set<string>;
}

/** Reads them. What is damaged or can't be read is told and left out. */
export async function readObjects(
  acquisitions: readonly OpenAcquisition[],
  caseName: string,
  trouble: Trouble,
  signal: AbortSignal,
): Promise<Objects> {
  const objects: Objects = {
    pods: new Map(),
    nodes: new Map(),
    kubelets: [],
    containers: [],
    identities: [],
    services: new Map(),
    origins: new Map(),
    runtime: new Set(),
  };
  for (const acquisition of acquisitions) {
    for (const item of acquisition.reader.items) {
      signal.throwIfAborted();
      if (item.offset === undefined || item.type !== 'file' || item.outcome !== 'ok') continue;
      try {
        await take(objects, acquisition, item, caseName);
      } catch (error) {
        note(error, acquisition, trouble);
      }
    }
    const identity = await identityOf(acquisition, caseName, trouble);
    if (identity !== undefined) {
      objects.identities.push(identity);
      objects.services.set(identity.pod, identity.services);
    }
  }
  return objects;
}

async function take(
  objects: Objects,
  { name: acquisition, reader }: OpenAcquisition,
  item: ItemRecord,
  caseName: string,
): Promise<void> {
  const { name } = item;
  if (name === 'live_response/pod-diff.json') {
    const reading = new ChangeReading(acquisition, caseName);
    const pieces = new PodDiffPieces();
    for await (const chunk of reader.read(item) as AsyncIterable<Buffer>)
      for (const piece of pieces.write(chunk)) if (!isMalformed(piece)) reading.add(piece);
    for (const place of reading.runtime) objects.runtime.add(place);
    for (const container of reading.containers) replace(objects.containers, container);
  } else if (
    /^live_response\/kubernetes\/(?:kubelet\/)?pods(?:(?:-before)?(?:-[0-9]+)?|\/[^/]+)\.json$/.test(name)
  ) {
    for (const pod of await itemsOf(reader, item)) addPod(objects, pod);
  } else if (/^live_response\/kubernetes\/nodes?(?:-[0-9]+)?\.json$/.test(name)) {
    for (const one of await itemsOf(reader, item)) {
      const node = readNode(one);
      if (node !== undefined) objects.nodes.set(node.name, node);
    }
  } else if (containerdDatabase.test(name)) {
    for (const [id, origin] of containerdOrigins(await reader.bytes(item, longestDatabase)))
      objects.origins.set(id, origin);
  } else if (dockerContainer.test(name)) {
    for (const [id, origin] of dockerOrigin(await reader.bytes(item, longestObject)))
      objects.origins.set(id, origin);
  } else if (name === `${kubernetes}kubelet/configz.json` && reader.info.node !== undefined) {
    const configuration = objectOf(jsonObject(await reader.bytes(item, longestObject))?.['kubeletconfig']);
    const text = Buffer.from(JSON.stringify({ kind: 'KubeletConfiguration', ...configuration }));
    for (const found of parseKubeletConfiguration(text))
      if (!isMalformed(found)) addKubelet(objects, reader.info.node, found);
  }
}

function addPod({ pods }: Objects, object: JsonObject): void {
  const pod = readPod(object);
  if (pod !== undefined && !pods.has(pod.uid)) pods.set(pod.uid, pod);
}

function addKubelet({ kubelets }: Objects, node: string, configuration: KubeletConfiguration): void {
  if (kubelets.some(({ where }) => where === `kubelet of ${node}`)) return;
  kubelets.push(...kubeletHardening(node, configuration));
}

/** The last comparison of a container is the one that counts. */
function replace(containers: ContainerFacts[], one: ContainerFacts): void {
  const at = containers.findIndex(
    ({ namespace, pod, container }) =>
      namespace === one.namespace && pod === one.pod && container === one.container,
  );
  if (at === -1) containers.push(one);
  else containers[at] = one;
}

/** The objects of a list, or the object itself. */
async function itemsOf(reader: OpenAcquisition['reader'], item: ItemRecord): Promise<JsonObject[]> {
  const object = jsonObject(await reader.bytes(item, longestObject));
  if (object === undefined) return [];
  return Array.isArray(object['items']) ? objectsOf(object['items']) : [object];
}

/** What a snapshot of a pod has of its account. */
async function identityOf(
  acquisition: OpenAcquisition,
  caseName: string,
  trouble: Trouble,
): Promise<(Identity & { readonly services: readonly string[] }) | undefined> {
  const objects = new Map<string, JsonObject>();
  const { reader } = acquisition;
  for (const item of reader.items) {
    const [, path] =
      /^live_response\/kubernetes\/((?:pods|roles|clusterroles)\/[^/]+|related)\.json$/.exec(item.name) ?? [];
    if (path === undefined || item.offset === undefined || item.outcome !== 'ok') continue;
    try {
      const object = jsonObject(await reader.bytes(item, longestObject));
      if (object !== undefined) objects.set(path, object);
    } catch (error) {
      note(error, acquisition, trouble);
    }
  }
  return readIdentity(objects, caseName);
}

/** Adds a failure to what could not be read. Throws it when it is none of evidence. */
function note(error: unknown, { name }: OpenAcquisition, { gaps, damaged }: Trouble): void {
  if (!(error instanceof OperationError)) throw error;
  if (error instanceof VerificationError) damaged.push(error.message);
  else gaps.push(`acquisition ${name}: ${error.message}`);
}

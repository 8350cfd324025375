import type { KubeletConfiguration } from '../../../artifacts/kubelet-config.ts';
import { type JsonObject, objectOf, textOf } from '../../../artifacts/json.ts';
import { present } from '../../../artifacts/present.ts';
import type { Hardening, NodeFacts } from '../facts/nodes.ts';

/** What the API server says of a node (core/v1 Node). */
export function readNode(
  object: JsonObject,
): Omit<NodeFacts, 'findings' | 'breakout' | 'hardening'> | undefined {
  const name = textOf(objectOf(object['metadata'])?.['name']);
  const info = objectOf(objectOf(object['status'])?.['nodeInfo']);
  if (name === undefined) return undefined;
  return {
    name,
    ...present({
      system: textOf(info?.['osImage']),
      kernel: textOf(info?.['kernelVersion']),
      runtime: textOf(info?.['containerRuntimeVersion']),
      kubelet: textOf(info?.['kubeletVersion']),
    }),
  };
}

/** Settings of a kubelet that let more people in than have to (kubelet.config.k8s.io/v1beta1). */
export function kubeletHardening(node: string, kubelet: KubeletConfiguration): Hardening[] {
  const where = `kubelet of ${node}`;
  const found: Hardening[] = [];
  if (kubelet.anonymous !== false)
    found.push({
      where,
      setting: 'authentication.anonymous.enabled',
      why: 'strangers may ask the kubelet',
      instead: 'false',
    });
  if (kubelet.authorization === 'AlwaysAllow')
    found.push({
      where,
      setting: 'authorization.mode: AlwaysAllow',
      why: 'who may ask may do everything, run commands in every pod too',
      instead: 'Webhook',
    });
  if (kubelet.readOnlyPort !== undefined && kubelet.readOnlyPort !== 0)
    found.push({
      where,
      setting: `readOnlyPort: ${kubelet.readOnlyPort}`,
      why: 'it answers without asking who it is',
      instead: '0',
    });
  return found;
}

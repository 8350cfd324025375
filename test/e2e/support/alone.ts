import type { Pod } from '../../../src/cluster/objects.ts';
import { eventually, kubectl, onNode } from './world.ts';

/**
 * Waits until a node has the networks of living pods alone, and no namespace is being removed: what other tests removed, with a grace of
 * 0, may still be ending there when its objects are gone.
 */
export async function untilAlone(node: string): Promise<void> {
  const phases = ['get', 'namespaces', '-o', 'jsonpath={.items[*].status.phase}'];
  const pods = ['get', 'pods', '-A', '--field-selector', `spec.nodeName=${node}`, '-o', 'json'];
  const isAlone = async (): Promise<boolean> => {
    if ((await kubectl(phases)).includes('Terminating')) return false;
    const { items } = JSON.parse(await kubectl(pods)) as { items: Pod[] };
    const living = items.filter(
      ({ spec, status }) =>
        spec?.hostNetwork !== true && !['Succeeded', 'Failed'].includes(status?.phase ?? ''),
    );
    const { stdout } = await onNode(node, 'ls /run/netns | wc -l');
    return Number(stdout) === living.length;
  };
  await eventually(`only networks of living pods on ${node}`, isAlone, 60);
}

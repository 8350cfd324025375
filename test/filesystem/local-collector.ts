import type { Collector } from '../../src/collector/collector.ts';
import { callScript, collectFrames } from '../../src/collector/running.ts';
import type { LocalNode } from '../collector/local-node.ts';

/** A collector whose pod is this machine: the real scripts under busybox, through the real frames. */
export function localCollector({ exec }: Pick<LocalNode, 'exec'>): Collector {
  return {
    identity: {
      namespace: 'kubectl-ir',
      pod: 'ir-local',
      uid: '',
      node: 'local',
      image: '',
      imageID: '',
      containerID: '',
      created: '',
      recursiveReadOnly: false,
      writableMounts: 0,
      changedByServer: [],
    },
    tools: new Set(),
    collect: (script, args, sink, signal, input) =>
      collectFrames(exec, script, sink, {
        args,
        signal,
        ...(input === undefined ? {} : { input }),
      }),
    call: (script, args, options) => callScript(exec, script, { args, limit: 1 << 20, ...options }),
    stop: () => Promise.resolve(),
  };
}

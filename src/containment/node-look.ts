import type { Collector } from '../collector/collector.ts';
import type { NodeSide } from './acts/act.ts';
import { levelOf } from './level.ts';
import { findLink } from './node-side.ts';
import { probePorts } from './probes.ts';
import type { Subject } from './subject.ts';

/** What there is of a pod on its node, and how its link can be cut. Throws OperationError when none of it runs there. */
export async function lookAtNode(
  collector: Collector,
  subject: Subject,
  signal: AbortSignal,
): Promise<NodeSide> {
  const link = await findLink(collector, subject, signal);
  const { probeSource } = link;
  return {
    collector,
    link,
    level: levelOf(link, collector.tools.has('nft')),
    rules: {
      uid: subject.uid,
      links: link.links,
      inner: link.inner,
      address: subject.address,
      ports: probePorts(subject.probes),
      nodeAddresses: link.nodeAddresses,
      ...(probeSource === undefined ? {} : { probeSource }),
      egress: link.egress,
    },
  };
}

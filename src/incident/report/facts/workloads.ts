import type { Contained } from './isolation.ts';

export interface ImageFacts {
  readonly image: string;
  readonly imageID?: string;
  /** Labels of the image (OCI image-spec, annotations): where its source is. */
  readonly source?: string;
  readonly revision?: string;
}

export interface WorkloadContainer extends ImageFacts {
  readonly name: string;
  /** Of the instance that ran when it was looked at, without the runtime's prefix. */
  readonly id?: string;
}

/** One pod that the case is about. */
export interface Workload {
  readonly namespace: string;
  readonly pod: string;
  readonly node?: string;
  readonly owner?: string;
  readonly account?: string;
  readonly services: readonly string[];
  readonly labels: readonly string[];
  /** Who it talked to when it was isolated: `tcp 192.0.2.1:443`. */
  readonly peers: readonly string[];
  readonly containers: readonly WorkloadContainer[];
  readonly verdict: Contained;
  readonly findings: number;
}

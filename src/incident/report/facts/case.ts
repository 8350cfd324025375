import type { UnreadableAcquisition } from '../../../evidence/case-status.ts';
import type { Excerpt } from '../excerpt.ts';

export interface AcquisitionFacts {
  readonly name: string;
  readonly collection: string;
  readonly target: string;
  readonly outcome: string;
  readonly started: string;
  readonly finished?: string;
  readonly items: number;
  readonly bytes: number;
  readonly sensitive: number;
  readonly gaps: number;
  /** Node minus responder, and half of the round trip over which it was measured. */
  readonly clock?: { readonly skewMs: number; readonly exactToMs: number };
}

/** Which case it is and in which state: the report of the same state is the same, byte for byte. */
export interface CaseFacts {
  readonly name: string;
  readonly number?: string;
  readonly evidenceNumbers?: readonly string[];
  readonly examiner?: string;
  readonly organisation?: string;
  readonly created: string;
  readonly target: string;
  readonly state: 'open' | 'sealed' | 'closed';
  /** The last line of custody, in which file it is; `sha256` is of that line. */
  readonly head: {
    readonly line: number;
    readonly time: string;
    readonly sha256: string;
    readonly file: string;
  };
  readonly signatures: readonly { readonly keyType: string; readonly fingerprint: string }[];
  readonly acquisitions: Excerpt<AcquisitionFacts>;
  /** Those whose record can't be read. */
  readonly unreadable: Excerpt<UnreadableAcquisition>;
}

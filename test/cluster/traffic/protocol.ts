/** Ports on which every host of a traffic test answers, with its name, over TCP and UDP. */
export const ports = [8080, 8081, 8082, 5300] as const;

/** How a connection is made; `dns` asks a name server for the address of the API's service. */
export type Transport = 'tcp' | 'udp' | 'dns';

/** One connection to make, from an address of the host's own (its first of the family when not given). */
export interface Attempt {
  readonly transport: Transport;
  readonly address: string;
  readonly port: number;
  readonly from?: string;
}

/**
 * What became of an attempt: `answered`; `refused`, by a host that was reached and does not listen there; `silent`, when
 * it was made and nothing came back in time; or `failed`: it was never made. `text` is the answer or the error.
 */
export interface Result {
  readonly outcome: 'answered' | 'refused' | 'silent' | 'failed';
  readonly text: string;
}

/** What a host can be asked. */
export type Question =
  | { readonly do: 'try'; readonly attempt: Attempt; readonly withinMs: number }
  /** Holds a connection and sends its name on it, 20 times a second, to the end of the process. */
  | { readonly do: 'flow'; readonly attempt: Attempt; readonly name: string }
  | { readonly do: 'count' };

export type Request = Question & { readonly id: number };

/** Answers the request with the same id; 0 says that the host serves. */
export interface Reply {
  readonly id: number;
  readonly result?: Result;
  readonly arrived?: Arrived;
}

/** What has come in: bytes by name of the flow, and for each address that connected over TCP when it first and last did. */
export interface Arrived {
  readonly bytes: Readonly<Record<string, number>>;
  readonly connected: Readonly<Record<string, { readonly first: number; readonly last: number }>>;
}

export interface CustodyFacts {
  readonly line: number;
  readonly time: string;
  readonly by: string;
  readonly action: string;
  readonly object: string;
  readonly result: string;
}

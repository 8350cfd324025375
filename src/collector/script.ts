/** A shell script for the node; the name is for messages. */
export interface Script {
  readonly name: string;
  readonly text: string;
}

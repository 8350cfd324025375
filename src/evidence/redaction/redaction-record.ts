import { jsonObject, objectOf, textOf } from '../../artifacts/json.ts';

/** data/redaction.json of a redacted case: what it was made from, and how. */
export interface RedactionRecord {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'Redaction';
  readonly profile: string;
  /** The case it was made from, which is left as it is. */
  readonly original: {
    readonly name: string;
    /** sha256 of its tagmanifest-sha512.txt: the seal that it was made from. */
    readonly seal: string;
    /** End of its custody chain at that seal. */
    readonly custodyHead: string;
  };
  /** Items whose content was gone through, and placeholders that were put. */
  readonly items: number;
  readonly placeholders: number;
}

/** Where the record stands in a redacted case. */
export const redactionFile = 'data/redaction.json';

/** Text of redaction.json. */
export function encodeRedactionRecord(record: RedactionRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** Profile and seal that a redaction was made with; undefined when the text is no record of one. */
export function parseRedaction(
  text: string,
): { readonly profile: string; readonly seal: string } | undefined {
  const record = jsonObject(text);
  const profile = textOf(record?.['profile']);
  const seal = textOf(objectOf(record?.['original'])?.['seal']);
  if (record?.['kind'] !== 'Redaction' || profile === undefined || seal === undefined) return undefined;
  return { profile, seal };
}

import type { JsonObject } from '../../artifacts/json.ts';
import { resourceOfKind } from '../../cluster/path.ts';
import { change, type ConfigurationChange, objectKey } from './change.ts';
import { fieldDifferences, lostFields } from './field-difference.ts';
import { nameOf, objectFacts } from './object-facts.ts';
import { restoration } from './rollback.ts';

/** Objects as an earlier case has them, and what is there now. */
export interface Baseline {
  readonly before: readonly JsonObject[];
  readonly after: readonly JsonObject[];
  /** Resources of which all objects of `namespaces` and of the cluster are in `after`: only of these one can be missing. */
  readonly whole: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
  /** RFC 3339 in UTC; by then it had happened. */
  readonly time: string;
}

const place = 'the earlier case';

/** What is different from an earlier case: objects that are gone, and fields that are not what they were. */
export function baselineChanges({ before, after, whole, namespaces, time }: Baseline): ConfigurationChange[] {
  const now = new Map(
    after.flatMap((object) => {
      const facts = objectFacts(object);
      return facts === undefined ? [] : [[objectKey(facts), object] as const];
    }),
  );
  return before.flatMap((object) => {
    const facts = objectFacts(object);
    if (facts === undefined || (facts.namespace !== undefined && !namespaces.has(facts.namespace))) return [];
    const told = { time, atLatest: true, source: 'baseline', object: nameOf(facts) } as const;
    const current = now.get(objectKey(facts));
    if (current === undefined) {
      if (!whole.has(resourceOfKind(facts.kind))) return [];
      return [
        change({
          ...told,
          action: 'deleted',
          what: 'deleted since the earlier case',
          bodies: [object],
          ...lostFields(object),
          ...restoration('create', object, place),
        }),
      ];
    }
    const differences = fieldDifferences(object, current);
    if (differences.fields.length === 0) return [];
    return [
      change({
        ...told,
        action: 'changed',
        what: 'not what it was in the earlier case',
        ...differences,
        bodies: [object, current],
        ...restoration('replace', object, place),
      }),
    ];
  });
}

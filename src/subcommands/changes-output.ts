import { type JsonObject, membersBut } from '../artifacts/json.ts';
import type { AuditCoverage } from '../incident/change/audit-history.ts';
import { type ConfigurationChange, objectText } from '../incident/change/change.ts';
import type { RankedChange } from '../incident/change/ranked-changes.ts';
import { formatCount } from '../output/count.ts';
import { type Io, writeLine } from '../output/io.ts';
import { terminalLine } from '../output/line.ts';
import { printData } from '../output/printer.ts';
import { renderTable } from '../output/table.ts';

/** What `changes` found, and of what. */
export interface ToldChanges {
  readonly about: string;
  readonly since: string;
  readonly incident: string;
  readonly ranked: readonly RankedChange[];
  readonly after: number;
  readonly notSeen: readonly string[];
  readonly audit: AuditCoverage | undefined;
  /** Name of the earlier case that was compared with. */
  readonly baseline: string | undefined;
}

/** Rows of the table; the first ones are those that matter. */
const mostRows = 30;
const longestCell = 160;

/**
 * Prints changes: a table with the nearest first, and the first one with all that is known of it; `wide` has all rows and all of
 * each. Schema of the data: schema/configuration-changes.json.
 */
export async function printChanges(io: Io, told: ToldChanges, output: string | undefined): Promise<void> {
  if (output === 'json' || output === 'yaml') {
    await printData(io, changeList(told), output);
    return;
  }
  const wide = output === 'wide';
  const shown = wide ? told.ranked : told.ranked.slice(0, mostRows);
  if (shown.length > 0)
    await writeLine(
      io.stdout,
      renderTable(['TIME', 'WHY HERE', 'OBJECT', 'CHANGE', 'BY', 'UNDO'], shown.map(row)),
    );
  for (const ranked of wide ? shown : shown.slice(0, 1))
    for (const line of block(ranked)) await writeLine(io.stdout, terminalLine(line));
  const more = told.ranked.length - shown.length;
  if (more > 0) await writeLine(io.stdout, `${more} more, farther away; see all with -o wide`);
  await writeLine(io.stdout, terminalLine(deletedText(told)));
}

/** What `-o json` prints. */
export function changeList({
  about,
  since,
  incident,
  ranked,
  after,
  notSeen,
  audit,
  baseline,
}: ToldChanges): object {
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'ConfigurationChanges',
    about,
    since,
    incident,
    items: ranked.map(({ change, level, reason }) => ({ level, reason, ...toldOf(change) })),
    afterIncident: after,
    deletedObjects: {
      knowable: audit !== undefined || baseline !== undefined,
      ...(audit?.from === undefined ? {} : { from: audit.from }),
      ...(audit?.to === undefined ? {} : { to: audit.to }),
      withoutContent: audit?.withoutBody ?? 0,
    },
    notSeen,
  };
}

/** A change without what is only there to relate it to others. */
function toldOf(change: ConfigurationChange): JsonObject {
  return membersBut({ ...change }, 'bodies', 'aliases');
}

/** What can be known of objects that are no more. */
export function deletedText({ audit, baseline }: Pick<ToldChanges, 'audit' | 'baseline'>): string {
  const since = baseline === undefined ? '' : `as far as ${baseline} has them`;
  if (audit?.from === undefined || audit.to === undefined)
    return since === ''
      ? 'deleted objects: not knowable here; an audit log of the API server has them: --audit-log FILE'
      : `deleted objects: known ${since}, and no others`;
  const without =
    audit.withoutBody === 0
      ? ''
      : `; of ${formatCount(audit.withoutBody, 'change')} it has not what was changed (level Metadata, or set before the log begins)`;
  return `deleted objects: known from ${audit.from} to ${audit.to}, as far as the audit log goes${without}${since === '' ? '' : `, and ${since}`}`;
}

function row({ change, reason }: RankedChange): string[] {
  const { time, atLatest, object, rollback } = change;
  const place = object.namespace === undefined ? '' : `${object.namespace}/`;
  return [
    `${time.slice(0, 19)}Z${atLatest === true ? ' or before' : ''}`,
    reason,
    cut(`${place}${objectText(object)}`),
    cut(changeText(change)),
    cut(byText(change)),
    rollback === undefined ? '-' : rollback.length > longestCell ? 'see -o wide' : rollback,
  ];
}

function changeText({ what, fields, moreFields, among }: ConfigurationChange): string {
  const [first] = fields;
  if (first === undefined) return among.length === 0 ? what : `${what}: ${among.slice(0, 3).join(', ')}`;
  const rest = fields.length - 1 + moreFields;
  return `${what}: ${fieldText(first)}${rest === 0 ? '' : ` (and ${rest} more)`}`;
}

function fieldText({ path, before, after }: ConfigurationChange['fields'][number]): string {
  return `${path}: ${before ?? 'absent'} -> ${after ?? 'absent'}`;
}

/** Only an audit log knows who it was. */
function byText({ who, claims }: ConfigurationChange): string {
  if (who !== undefined)
    return who.impersonated === undefined ? who.user : `${who.impersonated}, impersonated by ${who.user}`;
  return claims === undefined ? 'not known' : `claims to be ${claims}`;
}

function* block({ change, reason }: RankedChange): Generator<string> {
  const { time, object, what, fields, moreFields, among, who, claims, rollback, noRollback } = change;
  yield '';
  yield `${object.kind} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}: ${what}`;
  yield `   time      ${time}${change.atLatest === true ? ' or before' : ''}`;
  yield `   why here  ${reason}`;
  for (const field of fields) yield `   field     ${fieldText(field)}`;
  if (moreFields > 0) yield `   field     ${moreFields} more`;
  if (among.length > 0) yield `   fields    some of: ${among.join(', ')}`;
  yield `   by        ${byText(change)}`;
  if (who !== undefined) {
    yield `   from      ${who.sources.join(', ')}, ${who.agent ?? 'a client without a name'}`;
    yield `   audit     ${who.auditId}`;
    if (claims !== undefined) yield `   claims    to be ${claims}`;
  }
  yield `   undo      ${rollback ?? `no command: ${noRollback ?? 'none is known'}`}`;
}

function cut(text: string): string {
  return text.length > longestCell ? `${text.slice(0, longestCell)}...` : text;
}

import { renderTable } from '../../../src/output/table.ts';
import type { Indicator, NotPlanted, Told } from './indicator.ts';

/** An indicator with what was found of it, and what its rule says that is grave where nothing is wrong. */
export interface Row {
  readonly indicator: Indicator;
  readonly found: readonly Told[];
  readonly falseAlarms: readonly Told[];
}

/** Planted, found, false alarms: a line for each indicator, then those that were not planted, and the sum. */
export function findingsTable(rows: readonly Row[], missing: readonly NotPlanted[]): string {
  const lines = rows.map(({ indicator, found, falseAlarms }) => [
    `${indicator.number ?? '+'}`,
    indicator.name,
    'yes',
    found.map(({ severity }) => severity).join(', ') || 'NO',
    `${falseAlarms.length}`,
    indicator.rule,
  ]);
  const left = missing.map(({ number, name, reason }) => [`${number}`, name, `no: ${reason}`, '', '', '']);
  const all = [...lines, ...left].sort(([a = '', nameA = ''], [b = '', nameB = '']) => {
    const order = (Number(a) || 99) - (Number(b) || 99);
    return order !== 0 ? order : nameA < nameB ? -1 : 1;
  });
  const found = rows.filter((row) => row.found.length > 0).length;
  const numbers = new Set(rows.flatMap(({ indicator }) => indicator.number ?? []));
  const never = new Set(missing.map(({ number }) => number).filter((number) => !numbers.has(number)));
  const alarms = rows.reduce((sum, row) => sum + row.falseAlarms.length, 0);
  return [
    renderTable(['NUMBER', 'INDICATOR', 'PLANTED', 'FOUND', 'FALSE ALARMS', 'RULE'], all),
    `planted ${rows.length} (${numbers.size} of the 25, ${never.size} not here), found ${found}, false alarms ${alarms}`,
  ].join('\n');
}

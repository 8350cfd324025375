import { type JsonObject, jsonValue, objectOf, objectsOf } from '../artifacts/json.ts';
import { indicatorOf, type Indicator, type IndicatorType, indicatorTypes } from './indicator.ts';

/** What a list of indicators holds, and what of it is not understood. */
export interface IndicatorList {
  readonly indicators: readonly Indicator[];
  readonly unknown: readonly { readonly line: number; readonly reason: string }[];
}

const longestShown = 100;
const longestPattern = 4096;

/**
 * Reads a list: a STIX 2.1 bundle (JSON), CSV whose first line names columns `type` and `value`, or plain text, one
 * indicator a line, told by its form. What is not understood is named by its line and left out.
 */
export function parseIndicators(text: string, file: string): IndicatorList {
  if (/^\s*[[{]/.test(text)) return stix(text, file);
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const header = columns(lines[0] ?? '').map((name) => name.trim().toLowerCase());
  return header.includes('type') && header.includes('value')
    ? collected(lines.slice(1), 2, file, (line) => ofRow(columns(line), header))
    : collected(lines, 1, file, (line) => [[typeOf(line), line]]);
}

type Reading = readonly (readonly [IndicatorType | undefined, string])[];

function collected(
  lines: readonly string[],
  first: number,
  file: string,
  read: (line: string) => Reading | string,
): IndicatorList {
  const indicators: Indicator[] = [];
  const unknown: { line: number; reason: string }[] = [];
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    take(read(line), line, first + index, file, indicators, unknown);
  }
  return { indicators, unknown };
}

function take(
  reading: Reading | string,
  shown: string,
  line: number,
  file: string,
  indicators: Indicator[],
  unknown: { line: number; reason: string }[],
): void {
  const refuse = (reason: string): number =>
    unknown.push({ line, reason: `${reason}: ${shown.trim().slice(0, longestShown)}` });
  if (typeof reading === 'string') {
    refuse(reading);
    return;
  }
  for (const [type, value] of reading) {
    const one =
      type === undefined ? 'no indicator that is known here' : indicatorOf(type, value, `${file}:${line}`);
    if (typeof one === 'string') refuse(one);
    else indicators.push(one);
  }
}

/** What a plain line is, by its form. */
function typeOf(line: string): IndicatorType | undefined {
  const text = line.trim();
  if (/^[0-9a-fA-F]{64}$/.test(text)) return 'sha256';
  if (/(?:^|@)sha256:[0-9a-f]{64}$/.test(text)) return 'image';
  if (/^SHA256:/.test(text)) return 'ssh-key';
  if (/^system:serviceaccount:/.test(text)) return 'service-account';
  if (text.startsWith('/')) return 'path';
  if (/^[0-9.]+(?::[0-9]+)?$/.test(text) || /^\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*\]?(?::[0-9]+)?$/.test(text))
    return 'address';
  return typeof indicatorOf('domain', text, '') === 'string' ? undefined : 'domain';
}

function ofRow(cells: readonly string[], header: readonly string[]): Reading | string {
  const type = (cells[header.indexOf('type')] ?? '').trim().toLowerCase();
  const value = cells[header.indexOf('value')] ?? '';
  const known = indicatorTypes.find((one) => one === type);
  return known === undefined ? `no type "${type}"; types: ${indicatorTypes.join(', ')}` : [[known, value]];
}

/** Cells of a line of CSV (RFC 4180); a cell does not go over several lines here. */
function columns(line: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y;
  for (let match = cell.exec(line); match !== null; match = cell.exec(line)) {
    const [, quoted, plain = '', end] = match;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '') break;
  }
  return cells;
}

/** Object paths of STIX 2.1 that are understood; part 9 of the specification has the language of patterns. */
const stixTypes: Readonly<Record<string, IndicatorType>> = {
  "file:hashes.'SHA-256'": 'sha256',
  'file:hashes.SHA256': 'sha256',
  'file:name': 'name',
  'ipv4-addr:value': 'address',
  'ipv6-addr:value': 'address',
  'domain-name:value': 'domain',
};
const comparison = /^([a-z0-9-]+:[A-Za-z0-9_.'-]+)\s*=\s*'((?:[^'\\]|\\.)*)'$/;

function stix(text: string, file: string): IndicatorList {
  const indicators: Indicator[] = [];
  const unknown: { line: number; reason: string }[] = [];
  const bundle = jsonValue(text);
  if (bundle === undefined) return { indicators, unknown: [{ line: 1, reason: 'no JSON' }] };
  let from = 0;
  for (const { type, pattern, pattern_type: language = 'stix' } of objectsIn(bundle)) {
    if (type !== 'indicator' || typeof pattern !== 'string') continue;
    // In order, so that equal patterns have lines of their own; one that is written with other escapes has that of the last.
    const at = text.indexOf(JSON.stringify(pattern), from);
    if (at >= 0) from = at + 1;
    const line = text.slice(0, from).split('\n').length;
    const reading = language === 'stix' ? ofPattern(pattern) : 'a pattern in another language than STIX';
    take(reading, pattern, line, file, indicators, unknown);
  }
  return { indicators, unknown };
}

/** Those of a bundle, of a bare list, or one that stands alone. */
function objectsIn(bundle: unknown): JsonObject[] {
  return objectsOf(Array.isArray(bundle) ? bundle : (objectOf(bundle)?.['objects'] ?? [bundle]));
}

/** `[a = 'b']`, and such joined by OR, within the brackets or between them; everything else is not understood. */
function ofPattern(pattern: string): Reading | string {
  if (pattern.length > longestPattern) return `a pattern of more than ${longestPattern} characters`;
  const found: (readonly [IndicatorType, string])[] = [];
  for (const part of parts(pattern)) {
    const [, path = '', value = ''] = comparison.exec(part) ?? [];
    const type = stixTypes[path];
    if (type === undefined) return 'a pattern that is more than is understood here';
    found.push([type, value.replace(/\\(.)/gs, '$1')]);
  }
  return found;
}

function parts(pattern: string): string[] {
  const trimmed = pattern.trim();
  const inside = /^\[((?:[^'[\]]|'(?:[^'\\]|\\.)*')*)\]$/;
  return split(trimmed).flatMap((observation) => {
    const body = inside.exec(observation.trim())?.[1];
    return body === undefined ? [''] : split(body.trim());
  });
}

/** A text at its ORs that stand outside of quotes and brackets. */
function split(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const [token] of text.matchAll(/\[(?:[^'\]]|'(?:[^'\\]|\\.)*')*\]|'(?:[^'\\]|\\.)*'|\s+OR\s+|[^]/g))
    if (/^\s+OR\s+$/.test(token)) {
      pieces.push(piece.trim());
      piece = '';
    } else piece += token;
  return [...pieces, piece.trim()];
}

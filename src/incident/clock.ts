import { isMoment } from './moment.ts';

/** What an acquisition measured of a node's clock, before it or after it. */
export interface ClockReading {
  readonly acquisition: string;
  readonly node: string;
  /** Node minus responder; missing when the acquisition measured none. */
  readonly skewMs?: number;
  readonly roundTripMs?: number;
}

/** How the times of one node are taken. */
export interface NodeClock {
  readonly node: string;
  /** Milliseconds that are taken off every time of the node. */
  readonly correctedMs: number;
  /** Node minus responder as it was measured first, known to `exactToMs`, and by which acquisition. */
  readonly skewMs?: number;
  readonly exactToMs?: number;
  readonly acquisition?: string;
  /** Smallest and largest skew that acquisitions measured, where they differ by more than they are exact to. */
  readonly between?: readonly [number, number];
}

/**
 * One correction for each node, so that the same record in two acquisitions has one time: what the first acquisition
 * measured, which is nearest to what happened. A skew that is not larger than its own error corrects nothing.
 */
export function nodeClocks(readings: readonly ClockReading[]): Map<string, NodeClock> {
  const clocks = new Map<string, NodeClock>();
  for (const { node, acquisition, skewMs, roundTripMs } of readings) {
    const known = clocks.get(node);
    if (skewMs === undefined || roundTripMs === undefined || !Number.isFinite(skewMs + roundTripMs)) {
      if (known === undefined) clocks.set(node, { node, correctedMs: 0 });
      continue;
    }
    const exactToMs = Math.ceil(Math.abs(roundTripMs) / 2);
    if (known?.skewMs === undefined) {
      const correctedMs = Math.abs(skewMs) > exactToMs ? skewMs : 0;
      clocks.set(node, { node, correctedMs, skewMs, exactToMs, acquisition });
      continue;
    }
    const [least, most] = known.between ?? [known.skewMs, known.skewMs];
    const between = [Math.min(least, skewMs), Math.max(most, skewMs)] as const;
    if (between[1] - between[0] > (known.exactToMs ?? 0) + exactToMs) clocks.set(node, { ...known, between });
  }
  return clocks;
}

/** What is said of a node's clock, one sentence without a full stop. */
export function clockSentence({ skewMs, exactToMs = 0, correctedMs, between }: NodeClock): string {
  if (skewMs === undefined) return 'not measured; times are as written';
  const found =
    correctedMs === 0
      ? `agrees with the responder's to ${exactToMs} ms; times are as written`
      : `${Math.abs(skewMs)} ms ${skewMs > 0 ? 'ahead' : 'behind'} (to ${exactToMs} ms); corrected`;
  return between === undefined
    ? found
    : `${found}; it was set or drifted meanwhile, by ${between[1] - between[0]} ms`;
}

/** The year of a time without one: the last in which it was not after the collection (and a day, for zones). */
export function withYear(written: string, collected: string): string | undefined {
  const match = /^([A-Z][a-z]{2}) ([ 0-9][0-9]) ([0-9]{2}:[0-9]{2}:[0-9]{2})$/.exec(written);
  const month = months.indexOf(match?.[1] ?? '') + 1;
  const latest = Date.parse(collected) + 86_400_000;
  if (match === null || month === 0 || Number.isNaN(latest)) return undefined;
  const [, , day = '', clock = ''] = match;
  const last = new Date(latest).getUTCFullYear();
  // Eight years hold a leap year, also around 2100.
  for (let year = last; year > last - 9; year -= 1) {
    const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(Number(day))}T${clock}Z`;
    const time = Date.parse(text);
    if (isMoment(text) && time <= latest && new Date(time).getUTCDate() === Number(day)) return text;
  }
  return undefined;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function two(number: number): string {
  return String(number).padStart(2, '0');
}

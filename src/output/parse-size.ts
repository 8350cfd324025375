import { UsageError } from './errors.ts';

const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** Bytes of a size as Kubernetes writes quantities: `512Mi`, `1.5Gi`, `1000000`, `2G`. Throws UsageError that names the flag. */
export function parseSize(flag: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([kMGT]|[KMGT]i)?$/.exec(text) ?? [];
  const bytes = Math.floor(Number.parseFloat(digits) * (factors[unit] ?? NaN));
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new UsageError(`invalid argument "${text}" for "--${flag}" flag: a size such as 512Mi or 2Gi`);
}

const units = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const;

/** A number of bytes with a binary unit: `0`, `512`, `1.0Ki`, `254Ki`, `18Mi`; one decimal below ten. */
export function formatSize(bytes: number | bigint): string {
  let value = Number(bytes);
  let unit = 0;
  while (rounded(value, unit) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return value.toFixed(digits) + (units[unit] ?? '');
}

function rounded(value: number, unit: number): number {
  return unit === 0 ? value : Math.round(value);
}

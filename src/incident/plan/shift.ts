/** Somebody on call from a moment until before another, in milliseconds since the epoch. */
export interface Shift {
  /** Id of a person; of an event whose summary is nobody in the plan, the summary. */
  readonly person: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Claims settled into shifts: where several overlap, the last of the list has it. The shifts are in order of time and
 * do not overlap; what one person has without a break is one shift.
 */
export function settle(claims: readonly Shift[]): Shift[] {
  const edges = [...new Set(claims.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const places = new Map(edges.map((edge, place) => [edge, place]));
  const owners: (string | undefined)[] = edges.map(() => undefined);
  // For each place the next one that nobody has yet, so that a thousand claims on one night stay cheap.
  const open = edges.map((_, place) => place);
  const nextOpen = (from: number): number => {
    let place = from;
    while (open[place] !== undefined && open[place] !== place) place = open[place] ?? place;
    for (let at = from; at < place;) {
      const after = open[at] ?? place;
      open[at] = place;
      at = after;
    }
    return place;
  };
  for (const { person, from, to } of claims.toReversed()) {
    const end = places.get(to) ?? 0;
    for (let at = nextOpen(places.get(from) ?? 0); at < end; at = nextOpen(at)) {
      owners[at] = person;
      open[at] = at + 1;
    }
  }
  const shifts: Shift[] = [];
  owners.forEach((person, place) => {
    const [from = 0, to = 0] = edges.slice(place, place + 2);
    if (person !== undefined) joinTo(shifts, { person, from, to });
  });
  return shifts;
}

function joinTo(shifts: Shift[], shift: Shift): void {
  const last = shifts.at(-1);
  if (last?.person === shift.person && last.to === shift.from)
    shifts[shifts.length - 1] = { ...last, to: shift.to };
  else shifts.push(shift);
}

/** What of the shifts lies between two moments. */
export function within(shifts: readonly Shift[], from: number, to: number): Shift[] {
  return shifts
    .map((shift) => ({ ...shift, from: Math.max(shift.from, from), to: Math.min(shift.to, to) }))
    .filter((shift) => shift.from < shift.to);
}

/** Two claims at once, by their places in the list, and from when until when. */
export interface Overlap {
  readonly places: readonly [number, number];
  readonly from: number;
  readonly to: number;
}

/** Claims that overlap another one of somebody else; each is told once, with the one that goes on longest beside it. */
export function overlaps(claims: readonly Shift[]): Overlap[] {
  const found: Overlap[] = [];
  const order = claims.map((claim, place) => ({ ...claim, place })).sort((a, b) => a.from - b.from);
  // The two that last longest, of two people: whoever comes next can overlap only somebody else.
  let longest: (typeof order)[number][] = [];
  for (const claim of order) {
    const other = longest.find(({ person, to }) => person !== claim.person && to > claim.from);
    if (other !== undefined)
      found.push({
        places: [other.place, claim.place],
        from: claim.from,
        to: Math.min(other.to, claim.to),
      });
    const same = longest.find(({ person }) => person === claim.person);
    if (same === undefined || claim.to > same.to)
      longest = [claim, ...longest.filter((one) => one !== same)].sort((a, b) => b.to - a.to).slice(0, 2);
  }
  return found;
}

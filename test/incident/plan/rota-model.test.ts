import { expect } from 'chai';
import fc from 'fast-check';
import type { Layer, Override, Rota } from '../../../src/incident/plan/rota.ts';
import { weekdays } from '../../../src/incident/plan/rota.ts';
import { onCall, shiftsOf } from '../../../src/incident/plan/shifts.ts';
import { amountOf } from '../../support/amounts.ts';
import { changesOf, type Clocks, clocksOf, labelOf, paint } from './rota-model.ts';

/** Twelve that put their clocks forward and back, in both hemispheres, one that does not, one that changed for good in 2024. */
const zones = [
  'Europe/Vienna',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Jerusalem',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Antarctica/Troll',
  'Asia/Kolkata',
  'Asia/Almaty',
];
const firstMinute = labelOf('2024-01-01T00:00');
const allDays = 1096;
const leapDay = labelOf('2024-02-29T00:00');

describe('rotas beside a model that looks at every minute', function () {
  this.timeout(3_600_000);
  const days = amountOf('rotaDays');
  const random = fc.sample(fc.integer(), 1)[0] ?? 0;
  zones.forEach((zone, place) => {
    it(`agrees in ${zone}`, () => {
      const changes = changesOf(zone, firstMinute, allDays);
      const turning = [...changes, leapDay][Math.abs(random + place) % (changes.length + 1)] ?? leapDay;
      const near = Math.floor(turning / 1440) * 1440 - (days >> 1) * 1440;
      const from = days >= allDays ? firstMinute : near;
      const clocks = clocksOf(zone, from, days);
      const check = (rota: Rota, moments: readonly number[]): void => {
        const wanted = paint(rota, clocks, days);
        const found: (string | undefined)[] = wanted.map(() => undefined);
        for (const shift of shiftsOf(rota, from * 60_000, (from + days * 1440) * 60_000))
          found.fill(shift.person, shift.from / 60_000 - from, shift.to / 60_000 - from);
        const differs = wanted.findIndex((person, minute) => person !== found[minute]);
        const when = new Date((from + differs) * 60_000).toISOString();
        expect(differs, `${when}: ${String(found[differs])}, not ${String(wanted[differs])}`).to.equal(-1);
        for (const moment of moments) {
          const minute = moment % (days * 1440);
          const duty = onCall(rota, (from + minute) * 60_000 + 30_000);
          expect(duty.person).to.equal(wanted[minute]);
          const changed = wanted.findIndex((person, at) => at > minute && person !== wanted[minute]);
          if (changed >= 0 && changed - minute < 90 * 1440)
            expect(duty.until).to.equal((from + changed) * 60_000);
        }
      };
      fc.assert(
        fc.property(
          rotaIn({ zone, from, days, changes, clocks }),
          fc.array(fc.nat(), { maxLength: 5 }),
          check,
        ),
        { numRuns: amountOf('rotas') },
      );
    });
  });
});

interface World {
  readonly zone: string;
  readonly from: number;
  readonly days: number;
  readonly changes: readonly number[];
  readonly clocks: Clocks;
}

/** Rotas that hand over near the hours in which clocks change, and on such days, more often than by chance. */
function rotaIn({ zone, from, days, changes, clocks }: World): fc.Arbitrary<Rota> {
  const turning = [...changes, leapDay].filter((at) => at >= from && at < from + days * 1440);
  const offset = (clocks.labels[0] ?? 0) - clocks.first;
  const atChange = fc
    .tuple(fc.constantFrom(...turning, leapDay), fc.integer({ min: -8, max: 8 }))
    .map(([minute, quarters]) => minute + offset + quarters * 15);
  const people = fc.constantFrom('ann', 'bob', 'cho', 'dan', 'eve');
  const hour = fc.oneof(
    atChange.map((label) => localText(label).slice(11)),
    anyTime(),
  );
  const hours = fc.record({ from: hour, to: hour });
  const some = fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 });
  const turn = fc.record({
    people: fc.array(people, { minLength: 1, maxLength: 4 }),
    start: fc.integer({ min: firstMinute / 1440 - 400, max: from / 1440 + days }).map(dayText),
    handover: hour,
    turnDays: fc.oneof(fc.constantFrom(1, 7, 14), fc.integer({ min: 1, max: 40 })),
  });
  const layer: fc.Arbitrary<Layer> = fc
    .tuple(turn, fc.option(hours), fc.option(some))
    .map(([base, times, chosen]) => ({ ...base, ...times, ...(chosen === null ? {} : { days: chosen }) }));
  const anyLabel = fc.integer({ min: from - 3 * 1440, max: from + days * 1440 });
  const override: fc.Arbitrary<Override> = fc
    .record({
      person: people,
      label: fc.oneof(
        atChange.filter((label) => label >= from),
        anyLabel,
      ),
      minutes: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 6000 })),
    })
    .map(({ person, label, minutes }) => ({
      person,
      from: localText(label),
      to: localText(label + minutes),
    }));
  return fc.record({
    id: fc.constant('night'),
    name: fc.constant('Night'),
    timeZone: fc.constant(zone),
    layers: fc.array(layer, { minLength: 1, maxLength: 3 }),
    overrides: fc.array(override, { maxLength: 8 }),
  });
}

function anyTime(): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: 1439 }).map((minute) => localText(minute).slice(11));
}

function dayText(day: number): string {
  return localText(day * 1440).slice(0, 10);
}

function localText(label: number): string {
  return new Date(label * 60_000).toISOString().slice(0, 16);
}

import { expect } from 'chai';
import { personNamed } from '../../../src/incident/plan/summary.ts';

const people = [
  { id: 'ann', name: 'Ann Lee', reach: [{ by: 'email', at: 'ann@example.org' }] },
  { id: 'bo', name: 'Bo Ray', reach: [{ by: 'chat', at: 'ann' }] },
  { id: 'bo2', name: 'Bo Rayson', reach: [] },
  { id: 'zoe', name: 'Zoë Ünal', reach: [] },
] as const;

describe('personNamed', () => {
  const cases: [string, string][] = [
    ['ann', 'ann'],
    ['ANN LEE', 'ann'],
    ['Ann@Example.org', 'ann'],
    ['On call - Ann Lee - storage', 'ann'],
    ['Bo Rayson', 'bo2'],
    ['on call: Bo Ray', 'bo'],
    ['Zoe\u0308 U\u0308nal', 'zoe'],
    ['Ann Lee and Bo Ray', 'Ann Lee and Bo Ray'],
    ['Joann Lee', 'Joann Lee'],
    ['Annemarie', 'Annemarie'],
    ['', ''],
  ];
  for (const [summary, wanted] of cases)
    it(`takes "${summary}" for ${wanted}`, () => expect(personNamed(summary, people)).to.equal(wanted));
});

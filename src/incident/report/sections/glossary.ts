import { facts, type Section } from '../document.ts';

const words: readonly (readonly [string, string])[] = [
  ['acquisition', 'one run of a collection of evidence'],
  ['case', 'the directory with everything of an incident: evidence, custody, findings'],
  ['container, pod', 'programs in a room of their own, and one or more of these that run together'],
  ['containment', 'keeping something from spreading: here, a pod that can no longer talk to anybody'],
  ['critical, high, medium', 'act now; look today; ask the owner'],
  ['custody', 'who did what with the evidence, when; each line is chained to the one before'],
  ['digest, sha256', 'a fingerprint of bytes: other bytes, another fingerprint'],
  ['finding', 'a rule matched: what was seen, how sure it is, what would refute it'],
  ['flow', 'a connection, or an attempt at one, from one address to another'],
  ['gap', 'what was not measured; nothing is claimed of it'],
  ['HOLDS', 'every flow that worked before was tried again and is blocked'],
  ['LEAKS', 'something still gets through the isolation'],
  ['UNVERIFIED', 'isolated, but not everything could be tried again'],
  ['image', 'what a container is started from; it is not changed in operation'],
  ['node', 'the machine that pods run on; who has it as root has all of them'],
  ['sealed', 'protected by digests, so that a later change shows'],
  ['T1234', 'a technique of MITRE ATT&CK, a catalogue of what intruders do'],
];

/** Words that not every reader knows. */
export function glossarySection(): Section {
  return { id: 'glossary', title: 'Glossary', blocks: [facts(words)] };
}

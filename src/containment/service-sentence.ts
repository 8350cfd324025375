import { isKnownOwner, type KnownOwner, ownerText } from './facts/owner.ts';
import type { Outlook } from './outlook.ts';
import type { Subject } from './subject.ts';

/** One sentence: what happens to the Services of a pod, and whether another takes its place. */
export function serviceSentence(subject: Subject, outlook: Outlook): string {
  return [...servicesText(subject, outlook), ownerPart(subject, outlook)].join('; ');
}

function servicesText({ services }: Subject, { aside }: Outlook): string[] {
  if (services.length === 0) return ['no service selects it'];
  const dropped = services
    .filter(({ name }) => !aside.services.includes(name))
    .map(({ name, readyElsewhere }) =>
      readyElsewhere === 0
        ? `service/${name} drops it and has no other ready endpoint`
        : `service/${name} drops it`,
    );
  const kept = aside.services.map((name) => `service/${name} keeps it as an endpoint that does not answer`);
  return [...dropped, ...kept];
}

function ownerPart({ owner }: Subject, { aside, hindrances }: Outlook): string {
  if (owner === undefined) return 'no owner, so nothing replaces it';
  if (!isKnownOwner(owner)) return `${ownerText(owner)} is left to decide about it`;
  if (!aside.leaves) return `${ownerText(owner)} keeps it`;
  return replacementText(owner, hindrances);
}

/** What the owner does once the pod has left it. */
export function replacementText(owner: KnownOwner, { prevent, limit }: Outlook['hindrances']): string {
  const name = ownerText(owner);
  if (prevent.length > 0) {
    const text = `no replacement by ${name}: ${prevent.join(', ')}`;
    return owner.kind === 'StatefulSet' ? `${text}; until then it starts no later pod either` : text;
  }
  const where = limit.length === 0 ? '' : ` (${limit.join('; ')})`;
  return owner.kind === 'Job'
    ? `${name} starts another pod, which does its work again${where}`
    : `${name} starts a replacement${where}`;
}

import { expect } from 'chai';
import { serviceSentence } from '../../src/containment/service-sentence.ts';
import { shopPod, shopProspect } from './subjects.ts';

const pod = (kind: string): ReturnType<typeof shopPod> =>
  shopPod({
    metadata: { ownerReferences: [{ apiVersion: 'x/v1', kind, name: 'o', uid: 'u', controller: true }] },
  });

describe('serviceSentence', () => {
  const { subject, outlook } = shopProspect();
  const owner = (kind: 'StatefulSet' | 'Job' | 'DaemonSet'): typeof subject => ({
    ...subject,
    owner: { kind, name: 'o', uid: 'u', selector: {}, wanted: 1, ready: 1 },
  });

  it('says what the Services do', () => {
    const last = { ...subject, services: [{ name: 'shop', selector: {}, readyElsewhere: 0 }] };
    expect(serviceSentence(last, outlook)).to.match(
      /^service\/shop drops it and has no other ready endpoint; replicaset/,
    );
    const kept = { ...outlook, aside: { ...outlook.aside, services: ['shop'] } };
    expect(serviceSentence(subject, kept)).to.match(
      /^service\/shop keeps it as an endpoint that does not answer; /,
    );
    expect(serviceSentence({ ...subject, services: [] }, outlook)).to.match(/^no service selects it; /);
  });

  it('says what the owner does, by its kind and by what keeps another pod from coming', () => {
    const end = (one: typeof subject, look = outlook): string =>
      serviceSentence({ ...one, services: [] }, look).replace('no service selects it; ', '');
    const stuck = { ...outlook, hindrances: { prevent: ['host port 80'], limit: [] } };
    const limited = { ...outlook, hindrances: { prevent: [], limit: ['only on node-a, because of x'] } };
    const stays = { ...outlook, aside: { ...outlook.aside, leaves: false } };
    expect(end(owner('DaemonSet'), stuck)).to.equal('no replacement by daemonset/o: host port 80');
    expect(end(owner('StatefulSet'), stuck)).to.match(/; until then it starts no later pod either$/);
    expect(end(owner('Job'))).to.equal('job/o starts another pod, which does its work again');
    expect(end(subject, limited)).to.match(/ starts a replacement \(only on node-a, because of x\)$/);
    expect(end(owner('StatefulSet'), stays)).to.equal('statefulset/o keeps it');
    const strange = shopProspect(pod('CloneSet'));
    expect(end(strange.subject, strange.outlook)).to.equal('cloneset/o is left to decide about it');
  });
});

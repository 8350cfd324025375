import { expect } from 'chai';
import { askedFor } from '../../src/findings/asked.ts';
import { parsePods } from '../../src/findings/pods.ts';
import { podList, podObject, web } from './traces-lab.ts';

const volumes = [{ hostPath: { path: '/etc/cron.d/' } }, { hostPath: { path: '/var/run/x.sock' } }];
const [value] = parsePods(Buffer.from(podList(podObject(web, { spec: { volumes } })))) ?? [];
const pod = value === undefined ? undefined : { source: { acquisition: 'a', item: 1, name: 'n' }, value };

describe('what a pod asks for', () => {
  it('is a place of the node or what lies below, however it is written', () => {
    expect(askedFor(pod, '/etc/cron.d')).to.deep.include({ asked: true, text: ', as its pod asks' });
    expect(askedFor(pod, '/etc/cron.d/x').asked).to.equal(true);
    expect(askedFor(pod, '/run/x.sock').asked).to.equal(true);
    expect(askedFor(pod, '/etc').asked).to.equal(false);
    expect(askedFor(pod, '/etc').evidence[0]?.excerpt).to.equal('hostPath: /etc/cron.d/, /var/run/x.sock');
  });
  it('is not known without its object', () => {
    expect(askedFor(undefined, '/etc')).to.deep.include({ asked: undefined, evidence: [] });
  });
});

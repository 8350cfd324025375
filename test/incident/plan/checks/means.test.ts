import { expect } from 'chai';
import { checkText, exampleDay, mutated } from '../plan-lab.ts';

function said(text: string, now = exampleDay): string[] {
  return checkText(text, { now }).map(({ rule, message }) => `${rule} ${message}`);
}

describe('means', () => {
  it('names lines that cannot be what the plan says of them', () => {
    expect(said(mutated("'#incident in the company chat'", "'http://chat.talk.svc:8065'"))).to.deep.equal([
      'line-in-cluster lines.chat.dependsOnCluster: http://chat.talk.svc:8065 is an address inside of a cluster; it depends on it',
    ]);
    expect(said(mutated('chat.kestrel.example/hooks', 'hooks.talk.svc.cluster.local/x'))).to.deep.equal([
      'line-in-cluster webhook.url: messages go to an address inside of a cluster, which fails with it',
    ]);
    expect(
      said(mutated("company chat', dependsOnCluster: false", "company chat', dependsOnCluster: true")),
    ).to.deep.equal([
      'line-on-cluster lines.chat: fails with the cluster under attack, and escalation goes over it',
    ]);
  });

  it('counts days of a review from its day on', () => {
    const day = 86_400_000;
    const last = Date.UTC(2026, 10, 2);
    expect(said(mutated('everyDays: 90', 'everyDays: 10'), last + 10 * day)).to.deep.equal([]);
    expect(said(mutated('everyDays: 90', 'everyDays: 10'), last + 11 * day)).to.have.length(1);
    expect(said(mutated('last: 2026-11-02', 'last: 2027-11-02'))).to.deep.equal([
      'review-ahead review.last: 2027-11-02 has not come yet',
    ]);
  });

  it('says what a plan has nothing of, unless it has something that cannot be read', () => {
    const head =
      'apiVersion: kubectl-ir/v1\nkind: Plan\norganisation: X\nreview: {last: 2026-11-01, everyDays: 90}\npeople: []\n';
    const parts = said(`${head}lines: [{id: x}]\n`).filter((line) => line.startsWith('empty-part'));
    expect(parts.map((line) => line.split(/[ :]/)[1])).to.deep.equal([
      'teams',
      'areas',
      'rotas',
      'severities',
      'escalation',
      'threats',
      'playbooks',
    ]);
  });
});

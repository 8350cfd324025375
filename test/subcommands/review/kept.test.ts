import { expect } from 'chai';
import { keptControls } from '../../../src/subcommands/review/kept.ts';
import { uid } from '../../containment/subjects.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { fixCase } from '../verify-fix/fix-lab.ts';
import { audited, keepAnswers, policiesPath, snapshotAnswers } from './review-lab.ts';

const { signal } = new AbortController();

describe('keptControls', () => {
  it('has whole answers by their requests, and the first object of each pod', () =>
    inSandbox(async (dir) => {
      await fixCase(dir, async (opened) => {
        await keepAnswers(opened, snapshotAnswers());
        const later = { kind: 'NetworkPolicyList', items: [] };
        await keepAnswers(opened, {
          'live_response/kubernetes/networkpolicies.json': { source: policiesPath, object: later },
        });
      });
      const kept = await keptControls(dir, signal);
      expect(kept.answers.get(policiesPath)).to.have.length(1);
      expect([...kept.pods.keys()]).to.deep.equal([uid]);
      expect(kept).not.to.have.property('used');
    }));

  it('takes an answer of which a page is missing for none', () =>
    inSandbox(async (dir) => {
      await fixCase(dir, async (opened) => {
        const name = 'live_response/kubernetes/networkpolicies';
        await keepAnswers(opened, {
          [`${name}.json`]: { source: policiesPath, object: { kind: 'NetworkPolicyList', items: [] } },
          [`${name}-2.json`]: { source: policiesPath, object: '', cut: true },
        });
      });
      expect((await keptControls(dir, signal)).answers.has(policiesPath)).to.equal(false);
    }));

  it('tells what an account used, of what was answered with success', () =>
    inSandbox(async (dir) => {
      const lines = [
        audited('list', '/api/v1/secrets', 200, { resource: 'secrets' }),
        audited('create', '/api/v1/namespaces/a/pods/b/exec', 101, { resource: 'pods', subresource: 'exec' }),
        audited('get', '/apis/apps/v1/deployments/x', 200, { resource: 'deployments' }),
        audited('delete', '/api/v1/nodes/x', 403, { resource: 'nodes' }),
        'no JSON\n',
      ];
      const elsewhere = audited('watch', '/api/v1/pods', 200, { resource: 'pods' });
      await fixCase(dir, (opened) =>
        keepAnswers(opened, {
          '[root]/var/log/kubernetes/audit.log': { source: '/var/log', object: lines.join('') },
          '[root]/srv/audit': { source: '/srv/audit', object: elsewhere, artifact: 'api-audit' },
        }),
      );
      const { used } = await keptControls(dir, signal);
      expect(used?.get('system:serviceaccount:default:web')).to.deep.equal([
        { verb: 'list', group: '', resource: 'secrets' },
        { verb: 'create', group: '', resource: 'pods/exec' },
        { verb: 'get', group: 'apps', resource: 'deployments' },
        { verb: 'watch', group: '', resource: 'pods' },
      ]);
    }));
});

import { expect } from 'chai';
import { grantAdvice, rightsError } from '../../src/subcommands/grant-advice.ts';

const places = { namespace: 'prod', collectorNamespace: 'kubectl-ir' };
const createPods = { verb: 'create', resource: 'pods', namespace: 'kubectl-ir' };
const listNodes = { verb: 'list', resource: 'nodes' };

describe('rightsError', () => {
  const who = { command: 'isolate', places, username: 'jane' };

  it('says what an administrator can run, and warns of privileged pods', () => {
    const error = rightsError(who, [createPods, listNodes]);
    expect(error.message.split('\n')[0]).to.equal('user "jane" may not do what isolate needs:');
    expect(error.advice).to.equal(
      'ask a cluster administrator to run: kubectl ir preflight --command isolate -n prod --print-rbac --as jane | kubectl apply -f -\n' +
        '(creating pods in a privileged namespace amounts to root on every node)',
    );
    expect(rightsError(who, [listNodes]).advice).not.to.include('amounts to root');
  });
});

describe('grantAdvice', () => {
  it("names the collector's namespace where it is another, and what is odd as one word", () => {
    const odd = { namespace: 'prod', collectorNamespace: 'a;b' };
    expect(grantAdvice({ places: odd, username: "o'neil\n" })).to.equal(
      "ask a cluster administrator to run: kubectl ir preflight -n prod --collector-namespace 'a;b' --print-rbac --as 'o'\\''neil\\x0a' | kubectl apply -f -",
    );
  });
});

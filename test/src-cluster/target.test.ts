import { expect } from 'chai';
import { parseTarget, resolvePod } from '../../src/cluster/target.ts';
import { OperationError, UsageError } from '../../src/output/errors.ts';
import { aPod } from '../fake-api/builders.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';

describe('parseTarget', () => {
  const cases = [
    [['web'], 'pods', 'web'],
    [['pod/web'], 'pods', 'web'],
    [['po', 'web'], 'pods', 'web'],
    [['deploy/shop'], 'deployments', 'shop'],
    [['deployment.apps', 'shop'], 'deployments', 'shop'],
    [['node/ip-10-0-0-1.ec2.internal'], 'nodes', 'ip-10-0-0-1.ec2.internal'],
  ] as const;
  for (const [words, resource, name] of cases) {
    it(words.join(' '), () => {
      expect(parseTarget(words)).to.deep.equal({ resource, name });
    });
  }

  const wrong = [
    [[], /which pod/],
    [['a', 'b', 'c'], /only one target can be given/],
    [['pod/a', 'b'], /no need to specify a resource type/],
    [['pod/a/b'], /more than one slash/],
    [['spaceship/a'], /"spaceship" is not known here/],
    [['pod/'], /is not a valid name/],
    [['-rf'], /is not a valid name/],
    [['a\nb'], /is not a valid name/],
    [['..'], /is not a valid name/],
    [['a'.repeat(254)], /is not a valid name/],
  ] as const;
  for (const [words, message] of wrong) {
    it(`refuses ${JSON.stringify(words).slice(0, 40)}`, () => {
      expect(() => parseTarget(words)).to.throw(UsageError, message);
    });
  }
});

describe('resolvePod', () => {
  let fake: FakeApi;
  beforeEach(async () => {
    fake = await startFakeApi();
    fake.put(
      aPod('shop-6556d99f86-xlvnc', { metadata: { name: 'shop-6556d99f86-xlvnc', namespace: 'prod' } }),
    );
  });
  afterEach(() => fake.close());
  const resolve = async (words: string[]) =>
    resolvePod(await fake.connect({ namespace: 'prod' }), parseTarget(words));

  it('gives the pod', async () => {
    expect((await resolve(['shop-6556d99f86-xlvnc'])).metadata?.namespace).to.equal('prod');
  });

  it('names the nearest when there is none', async () => {
    expect((await failureOf(resolve(['shopp']))).message).to.equal(
      'pod "shopp" not found in namespace "prod"; nearest: shop-6556d99f86-xlvnc',
    );
  });

  it('goes without the hint when listing is forbidden or nothing is near', async () => {
    const plain = 'pod "zzzzzz" not found in namespace "prod"';
    expect((await failureOf(resolve(['zzzzzz']))).message).to.equal(plain);
    fake.deny({ verb: 'list', resource: 'pods' });
    expect((await failureOf(resolve(['shopp']))).message).to.equal(
      'pod "shopp" not found in namespace "prod"',
    );
  });

  it('says in which namespace the pod is, when that may be seen', async () => {
    const name = 'till-0';
    fake.put(aPod(name, { metadata: { name, namespace: 'stores' } }));
    const advice = async (): Promise<unknown> => {
      const error = await failureOf(resolve([name]));
      expect(error.message).to.equal(`pod "${name}" not found in namespace "prod"`);
      return error instanceof OperationError ? error.advice : undefined;
    };
    expect(await advice()).to.equal('there is one of that name elsewhere: add -n stores');
    fake.deny({ verb: 'list', resource: 'pods' });
    expect(await advice()).to.equal('see which pods there are: kubectl get pods --all-namespaces');
  });

  it('wants a pod', async () => {
    expect(await failureOf(resolve(['deploy/shop']))).to.be.instanceOf(UsageError);
  });
});

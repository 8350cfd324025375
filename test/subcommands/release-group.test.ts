import { expect } from 'chai';
import { parseSelector } from '../../src/containment/selector-text.ts';
import { releaseGroup } from '../../src/subcommands/release-group.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from '../containment/containment-lab.ts';
import { failure } from '../fake-api/answer.ts';
import { failureOf } from '../support/failure.ts';

describe('releaseGroup', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
    await lab.isolate(holdingNode().collector);
  });
  afterEach(() => lab.close());

  function release(selector: string, dryRun = 'client'): Promise<number> {
    const flags = {
      ...{ 'collector-image': undefined, 'collector-pull-secret': undefined, return: false, case: undefined },
      ...{
        'collector-namespace': collectorNamespace,
        'dry-run': dryRun,
        yes: true,
        selector,
        output: undefined,
      },
    };
    const choice = { by: 'selector', selector: parseSelector(selector) } as const;
    return releaseGroup(lab.api, { io: lab.io, global: {}, signal }, { choice, dir: undefined, flags });
  }

  it('says what is recorded of each and changes nothing on a dry run', async () => {
    expect(await release('app=shop')).to.equal(0);
    expect(lab.io.err())
      .to.match(/^Pod +shop-1-x in namespace default, isolated /m)
      .and.match(/^Plan +.*our label removed$/m);
    expect(lab.record()).not.to.equal(undefined);
  });

  it('tells how to give back or delete only what was released', async () => {
    lab.fake.intercept(({ method, path }) =>
      method === 'POST' && path === `/api/v1/namespaces/${collectorNamespace}/pods`
        ? failure(403, 'Forbidden', 'exceeded quota: none')
        : undefined,
    );
    expect(await release('app=shop', 'none')).to.equal(3);
    expect(lab.io.err())
      .to.match(/fail {3}cut .*exceeded quota/)
      .and.not.match(/^(?:Kept|Return|Delete) /m);
  });

  it('says that nothing of it is isolated', async () => {
    expect((await failureOf(release('app=other'))).message).to.equal('nothing of what was named is isolated');
  });
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { planIsolation } from '../../src/containment/look.ts';
import { type Case, openCase } from '../../src/evidence/case.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { DiffSpool } from '../../src/filesystem/change-log.ts';
import { sleepFor } from '../../src/output/io.ts';
import { createProgress } from '../../src/output/progress.ts';
import { respondByApi } from '../../src/subcommands/response-by-api.ts';
import type { Response } from '../../src/subcommands/response.ts';
import { aNode, aPod } from '../fake-api/builders.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('respondByApi', () => {
  const { signal } = new AbortController();
  const cluster = fakeCluster((fake) => {
    fake.put(aNode('node-a'));
    fake.logs.set('default/web/app', 'a line\n');
  });
  let dir: string;
  let opened: Case;
  let told: string[];

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'response-by-api-'));
    opened = await openCase(memoryIo(), { dir: join(dir, 'case'), target: 'web' });
    told = [];
  });
  afterEach(async () => {
    await opened.close();
    await rm(dir, { recursive: true, force: true });
  });

  const respond = async (): Promise<Response> => {
    const { api, fake } = cluster;
    const io = memoryIo({ sleep: sleepFor });
    const pod = fake.put(aPod('web'));
    const run = {
      ...{ api, pod, opened, context: { io, global: {}, signal }, collectorNamespace: 'kubectl-ir' },
      plan: await planIsolation(api, pod, { now: new Date(0), signal }),
      ...{ progress: createProgress(io), spool: new DiffSpool(), started: io.monotonic() },
      ...{ where: '', evenIf: undefined, isolated: () => told.push('isolated') },
    };
    return respondByApi(run, 'exceeded quota');
  };

  it('isolates first, then takes the pod with its logs and its node, each part without a collector a gap', async () => {
    const response = await respond();
    expect(told).to.deep.equal(['isolated']);
    expect(response.noCollector).to.equal('exceeded quota');
    expect(response.isolation?.verification).to.deep.include({
      verdict: 'UNVERIFIED',
      reasons: ['nothing was measured: exceeded quota'],
    });
    const acquisitions = join(dir, 'case/data/acquisitions');
    const names = (await readdir(acquisitions)).sort();
    expect(names.map((name) => name.replace(/^[^-]+-/, ''))).to.have.members(['pod-web', 'node-node-a']);
    const ofPod = names.find((name) => name.endsWith('-pod-web')) ?? '';
    const { items } = await openAcquisition(join(acquisitions, ofPod));
    const outcomeOf = (name: string): string | undefined => items.find((one) => one.name === name)?.outcome;
    expect(outcomeOf('live_response/kubernetes/logs/default/web/app.log')).to.equal('ok');
    expect(outcomeOf('live_response/pod-diff.json')).to.equal('denied');
  });

  it('takes what there is although nothing could be isolated', async () => {
    cluster.fake.deny({ verb: 'create', resource: 'namespaces' });
    const response = await respond();
    expect(told).to.deep.equal([]);
    expect(response).not.to.have.property('isolation');
    expect(response.failures[0]).to.match(/^isolate: .*namespaces/);
    expect(response).to.include.keys('pod', 'node');
  });
});

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Plan } from '../../../src/incident/plan/plan.ts';
import { readPlanFile } from '../../../src/incident/plan/plan-file.ts';
import { OperationError, UsageError } from '../../../src/output/errors.ts';
import { command } from '../../../src/subcommands/plan/init.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { fakeCluster } from '../../fake-api/fake-cluster.ts';
import { checkText } from '../../incident/plan/plan-lab.ts';
import { failureOf } from '../../support/failure.ts';
import { type MemoryIo, memoryIo } from '../../support/memory-io.ts';

const signal = new AbortController().signal;

async function init(
  path: string,
  {
    io = memoryIo(),
    global = {},
    fromCluster = false,
  }: { io?: MemoryIo; global?: object; fromCluster?: boolean } = {},
): Promise<MemoryIo> {
  expect(await command.start([path], { 'from-cluster': fromCluster }, { io, global, signal })).to.equal(0);
  return io;
}

/** The draft, which has to have no errors, and no other warnings than what is left to fill in. */
async function draftAt(path: string): Promise<Plan> {
  const problems = checkText(await readFile(path, 'utf8'));
  expect(problems.filter(({ rule }) => rule !== 'fill-in')).to.deep.equal([]);
  const { plan } = await readPlanFile(path);
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

describe('plan init', () => {
  it('writes a draft and the schema that its first line names, and says where', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'our plan.yaml');
      const io = await init(path);
      expect(io.out()).to.equal(`${path}\n`);
      expect(io.err()).to.contain(`kubectl ir plan check '${path}'\n`);
      const plan = await draftAt(path);
      expect(plan.areas.map(({ id }) => id)).to.include('storage');
      const [first = ''] = (await readFile(path, 'utf8')).split('\n');
      const schema = join(dir, /\$schema=(\S+)$/.exec(first)?.[1] ?? '');
      const published = await readFile(new URL('../../../schema/plan.json', import.meta.url), 'utf8');
      expect(JSON.parse(await readFile(schema, 'utf8'))).to.deep.equal(JSON.parse(published));
    }));

  it('asks on a terminal', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'p.yaml');
      const input = 'Kestrel\nAmara\n+44 7700 900101\n@amara\nBen\n\n@ben\nThe shop, Payments, the SHOP\n';
      const io = await init(path, { io: memoryIo({ input, interactive: true }) });
      expect(io.err()).to.contain('Whose plan is it');
      const plan = await draftAt(path);
      expect(plan.organisation).to.equal('Kestrel');
      expect(plan.people.map(({ name }) => name)).to.deep.equal(['Amara', 'Ben']);
      expect(plan.people[1]?.reach.map(({ at }) => at)).to.deep.equal(['FILL IN: number', '@ben']);
      expect(plan.areas.map(({ id }) => id)).to.deep.equal(['the-shop', 'payments']);
    }));

  it('writes over nothing', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'ir-plan.yaml');
      await writeFile(path, 'mine');
      const failure = await failureOf(init(path));
      expect(failure).to.be.instanceOf(OperationError);
      expect(failure.message).to.equal(`${path} is there and was left as it is`);
      expect(await readFile(path, 'utf8')).to.equal('mine');
      expect(await readdir(dir)).to.deep.equal(['ir-plan.yaml']);
      await writeFile(join(dir, 'ir-plan.schema.json'), 'mine too');
      const io = await init(join(dir, 'other.yaml'));
      expect(await readFile(join(dir, 'ir-plan.schema.json'), 'utf8')).to.equal('mine too');
      expect(io.err()).to.contain('was there, left as it is');
      await mkdir(join(dir, 'd'));
      expect((await failureOf(init(join(dir, 'd')))).message).to.contain('was left as it is');
      expect((await failureOf(init(join(dir, 'none/p.yaml')))).message).to.match(/^writing \S+: ENOENT/);
    }));

  it('takes one file', async () => {
    const context = { io: memoryIo(), global: {}, signal };
    for (const words of [['a', 'b'], ['']])
      expect(await failureOf(command.start(words, { 'from-cluster': false }, context))).to.be.instanceOf(
        UsageError,
      );
  });

  describe('from a cluster', () => {
    const cluster = fakeCluster();

    function put(kind: string, name: string, metadata: object): void {
      const apiVersion = kind === 'Namespace' ? 'v1' : 'apps/v1';
      cluster.fake.put({ apiVersion, kind, metadata: { name, ...metadata } });
    }

    function prepare(): void {
      put('Namespace', 'kube-system', {});
      put('Namespace', 'shop', { annotations: { 'example.org/owner': 'x"\u202e\n- evil: [' } });
      put('Namespace', 'wiki', { labels: { team: 'docs' } });
      put('Deployment', 'web', { namespace: 'shop', labels: { 'app.kubernetes.io/part-of': 'store' } });
    }

    it('takes areas and owners from labels and annotations, which are text whatever they say', () =>
      inSandbox(async (dir) => {
        prepare();
        const path = join(dir, 'p.yaml');
        await init(path, { fromCluster: true, global: { server: cluster.fake.url, token: 'fake-token' } });
        const plan = await draftAt(path);
        expect(plan.areas.map(({ id, primary }) => [id, primary])).to.deep.equal([
          ['cluster', 'rota/on-call'],
          ['store', 'team/owner-x-evil'],
          ['wiki', 'team/owner-docs'],
        ]);
        expect(plan.areas[1]).to.deep.include({
          namespaces: ['shop'],
          selector: 'app.kubernetes.io/part-of=store',
        });
        expect(await readFile(path, 'utf8')).to.not.contain('\u202e');
      }));

    it('goes on without what may not be listed', () =>
      inSandbox(async (dir) => {
        prepare();
        cluster.fake.deny({ verb: 'list', resource: 'deployments' });
        const path = join(dir, 'p.yaml');
        const io = await init(path, {
          fromCluster: true,
          global: { server: cluster.fake.url, token: 'fake-token' },
        });
        expect(io.err()).to.contain('deployments may not be listed');
        expect((await draftAt(path)).areas.map(({ id }) => id)).to.deep.equal(['cluster', 'shop', 'wiki']);
      }));
  });
});

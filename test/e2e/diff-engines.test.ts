import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerRecord } from '../../src/artifacts/container-record.ts';
import type { PodDiffData } from '../../src/filesystem/pod-diff.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import {
  engines,
  type Inspected,
  inspectEngine,
  startEngine,
  stopEngines,
  unpackEngines,
} from './support/engines.ts';
import { kubectlIr, nodeNames } from './support/world.ts';

const [node = ''] = await nodeNames();

describe('kubectl ir diff pod, of containers of other engines', function () {
  requires(this, image('collector'), nodeShell());
  this.timeout(180_000);
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-diff-engines-'));
    await unpackEngines(node);
  });
  after(async () => {
    await stopEngines(node);
    await rm(dir, { recursive: true, force: true });
  });

  for (const engine of engines)
    describe(engine, () => {
      let made: Awaited<ReturnType<typeof startEngine>>;
      before(async () => {
        made = await startEngine(node, engine);
      });

      for (const name of ['ended', 'running'] as const)
        it(`reads a container that is ${name}`, async () => {
          const { code, stdout, stderr } = await kubectlIr([
            ...['diff', 'pod', '--node', node, '--id', made[name], '-o', 'json'],
            ...['--case', join(dir, 'case'), '--collector-image', imageOf('collector')],
          ]);
          expect(code, stderr).to.equal(1);
          const [container] = (JSON.parse(stdout) as PodDiffData).containers;
          expect(container).to.deep.include({
            id: made[name],
            runtime: engine,
            driver: 'overlay',
            state: name === 'running' ? 'running' : 'terminated',
            blind: [],
          });
          expect(container?.image).to.match(/lab:1$/);
          const files = container?.changes.filter(
            ({ flags, type }) => !flags.includes('runtime') && type === 'file',
          );
          expect(files?.map(({ change, path }) => `${change} ${path}`).sort()).to.deep.equal([
            'added /tmp/left',
            'deleted /etc/motd',
          ]);
        });

      it('shows them as the engine itself does', async () => {
        const flags = ['--case', join(dir, engine), '--collector-image', imageOf('collector')];
        const taken = await kubectlIr(['snapshot', 'node', node, '--profile', 'runtime', ...flags]);
        expect(taken.code, taken.stderr).to.equal(0);
        const shown = await kubectlIr(['show', join(dir, engine), 'containers', '-o', 'json']);
        expect(shown.code, shown.stderr).to.equal(0);
        const { items } = JSON.parse(shown.stdout) as { items: readonly ContainerRecord[] };
        const theirs = await inspectEngine(node, engine);
        expect(theirs).to.have.length(2);
        for (const one of theirs) {
          const rows = items.filter(({ id }) => id === one.Id);
          expect(rows).to.have.length(1);
          expect(rows[0]).to.deep.include(expectedOf(engine, one));
        }
      });
    });
});

/** A row of `show` as an engine's own words make it; podman calls one that ended `stopped` until it was cleaned up. */
function expectedOf(engine: (typeof engines)[number], one: Inspected): Partial<ContainerRecord> {
  const { Status, Pid, ExitCode, StartedAt, FinishedAt } = one.State;
  const common = {
    ...{ id: one.Id, runtime: engine, name: one.Name.replace('/', '') },
    ...{ imageId: one.Image, args: [one.Path, ...one.Args] },
  };
  const state = Status === 'stopped' ? 'exited' : Status;
  return {
    ...{ ...common, created: one.Created, started: StartedAt, state },
    ...(Status === 'running' ? { pid: Pid } : { finished: FinishedAt, exitCode: ExitCode }),
  };
}

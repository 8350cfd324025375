import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { changesOf } from '../../../src/filesystem/changes.ts';
import { wholeDiff } from '../../../src/filesystem/diff-json.ts';
import { blindDiff, containerDiff } from '../../../src/filesystem/container-diff.ts';
import type { ContainerTarget } from '../../../src/filesystem/container.ts';
import type { PodDiff } from '../../../src/filesystem/pod-diff.ts';
import { createProgress } from '../../../src/output/progress.ts';
import { printDiffs } from '../../../src/subcommands/diff/diff-output.ts';
import { memoryIo } from '../../support/memory-io.ts';

const target: ContainerTarget = {
  name: 'web',
  id: 'a',
  runtime: 'containerd',
  image: '',
  imageID: '',
  state: 'running',
};
const clean = containerDiff(target, {
  driver: 'overlay',
  changes: changesOf([{ path: '/tmp/x', change: 'added', type: 'file', flags: [] }]),
  mounts: [],
  processes: [],
  openFiles: [],
  namespaces: [],
  blind: [],
  capabilities: true,
});
const diffOf = (name: string, container = clean): PodDiff => ({
  apiVersion: 'kubectl-ir/v1',
  kind: 'PodDiff',
  pod: { namespace: 'prod', name, uid: '', node: 'node-a' },
  containers: [container],
});

describe('printed diffs', () => {
  const print = async (
    diffs: readonly PodDiff[],
    many: boolean,
    output?: string,
  ): Promise<{ out: string; err: string }> => {
    const io = memoryIo();
    await printDiffs(diffs, many, { output, runtime: false }, io, createProgress(io));
    return { out: io.out(), err: io.err() };
  };

  it('are one table for one pod and one each under its name for several', async () => {
    expect((await print([diffOf('a')], false)).out).to.match(/^CONTAINER /);
    const { out } = await print([diffOf('a'), diffOf('b')], true);
    expect(out.split('\n').filter((line) => line.startsWith('pod/'))).to.deep.equal([
      'pod/a on node-a',
      'pod/b on node-a',
    ]);
    expect((await print([diffOf('a'), diffOf('b')], true, 'name')).out).to.equal(
      'a:web:/tmp/x\nb:web:/tmp/x\n',
    );
  });

  it('are a list in JSON as soon as several were possible', async () => {
    expect(JSON.parse((await print([diffOf('a')], false, 'json')).out)).to.include({ kind: 'PodDiff' });
    const list = JSON.parse((await print([diffOf('a')], true, 'json')).out) as { items: unknown[] };
    expect(list).to.include({ apiVersion: 'kubectl-ir/v1', kind: 'PodDiffList' });
    expect(list.items).to.deep.equal([JSON.parse(JSON.stringify(await wholeDiff(diffOf('a'))))]);
    const ajv = new Ajv2020({ strict: true });
    ajv.addSchema(schema('pod-diff'));
    const validate = ajv.compile(schema('pod-diff-list'));
    expect(validate(list), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ ...list, items: [{}] })).to.equal(false);
  });

  it('say which pod it is of which something was not looked at', async () => {
    const blind = blindDiff(target, [{ what: 'container', why: 'gone' }]);
    expect((await print([diffOf('a', blind)], true)).err).to.include(
      'not looked at: a: web: container: gone',
    );
    expect((await print([diffOf('a', blind)], false)).err).to.include('not looked at: web: container: gone');
  });
});

function schema(name: string): object {
  return JSON.parse(readFileSync(new URL(`../../../schema/${name}.json`, import.meta.url), 'utf8')) as object;
}

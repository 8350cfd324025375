import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { layoutOf } from './layout.ts';
import { type ClusterRecord, readRecord, removeState, requireOwnDirectory, writeRecord } from './record.ts';

const record: ClusterRecord = {
  phase: 'up',
  boot: 'b',
  nodes: 2,
  policy: 'enforce',
  sysctls: {},
  images: [],
  daemons: {},
};

async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );
}

describe('cluster record', () => {
  let parent: string;
  const layout = (): ReturnType<typeof layoutOf> => layoutOf({ KUBECTL_IR_CLUSTER_DIR: join(parent, 'c') });
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'record-'));
    await mkdir(join(parent, 'c'));
  });
  afterEach(() => rm(parent, { recursive: true }));

  it('is read as it was written', async () => {
    await writeRecord(layout(), record);
    expect(await readRecord(layout())).to.deep.equal(record);
  });

  it('counts as an interrupted start when it is cut', async () => {
    await writeFile(layout().record, '{"phase":"up","bo');
    expect((await readRecord(layout()))?.phase).to.equal('starting');
  });

  it('lets its directory be removed with all in it', async () => {
    await writeRecord(layout(), record);
    await mkdir(layout().pki);
    await removeState(layout());
    expect(await readdir(parent)).to.deep.equal([]);
  });

  it('allows a directory where only the writing of the record was interrupted', async () => {
    await writeFile(`${layout().record}.new`, '{');
    await requireOwnDirectory(layout());
  });

  it('refuses to use or remove a directory with something else in it', async () => {
    await writeFile(join(parent, 'c', 'letter.txt'), 'mine');
    expect(await failure(requireOwnDirectory(layout()))).to.include('holds something else than a cluster');
    expect(await failure(removeState(layout()))).to.include('holds something else than a cluster');
    expect(await readdir(join(parent, 'c'))).to.deep.equal(['letter.txt']);
  });
});

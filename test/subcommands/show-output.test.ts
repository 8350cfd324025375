import { load } from 'js-yaml';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { kind } from '../../src/artifacts/kind.ts';
import { kinds } from '../../src/artifacts/kinds.ts';
import type { Exhibit } from '../../src/evidence/exhibits.ts';
import { printExhibits } from '../../src/subcommands/show-output.ts';
import { memoryIo } from '../support/memory-io.ts';

const groups = kinds.find(({ name }) => name === 'groups') ?? kind('groups', '', [], {});

function exhibits(count: number): AsyncIterable<Exhibit> {
  return Readable.from(
    Array.from({ length: count }, (_, gid) => ({
      acquisition: 'a',
      item: { number: 1, name: 'x' },
      record: { name: Buffer.from(`g${gid}\u001b`), gid, members: [] },
    })),
  );
}

async function print(count: number, format: 'table' | 'json' | 'yaml'): Promise<string> {
  const io = memoryIo();
  expect(await printExhibits(io, groups, exhibits(count), format, false)).to.equal(count);
  return io.out();
}

describe('printExhibits', () => {
  for (const count of [0, 1, 3])
    it(`prints ${count} records as the same data in JSON and YAML`, async () => {
      const json = JSON.parse(await print(count, 'json')) as { items: unknown[] };
      expect(json.items).to.have.length(count);
      expect(load(await print(count, 'yaml'))).to.deep.equal(json);
    });

  it('prints a long table with one line of headers', async () => {
    const lines = (await print(2500, 'table')).trimEnd().split('\n');
    expect(lines).to.have.length(2501);
    expect(lines.filter((line) => line.startsWith('NAME'))).to.have.length(1);
    expect(lines.at(-1)).to.match(/^g2499\\x1b +2499 +-$/);
  });

  it('names the items that a joined record was made of', async () => {
    const items = [1, 2].map((number) => ({ number, name: `item ${number}` }));
    const joined = (): AsyncIterable<Exhibit> =>
      Readable.from([{ acquisition: 'a', items, record: { name: Buffer.from('g'), gid: 1, members: [] } }]);
    const io = memoryIo();
    await printExhibits(io, groups, joined(), 'wide', false);
    expect(io.out()).to.match(/item 1 item 2$/m);
    const json = memoryIo();
    await printExhibits(json, groups, joined(), 'json', false);
    expect((JSON.parse(json.out()) as { items: unknown[] }).items[0]).to.deep.include({ items });
  });
});

import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ItemRecord } from '../../src/evidence/item-record.ts';
import { ItemsFile } from '../../src/evidence/items-file.ts';
import { Reserve } from '../../src/evidence/reserve.ts';
import { inSandbox } from './sandbox.ts';

describe('items file', () => {
  it('is a line per item, and knows its own digest', () =>
    inSandbox(async (dir) => {
      const path = join(dir, 'items.jsonl');
      const items = new ItemsFile(await open(path, 'wx+'), await Reserve.make(join(dir, '.reserve')));
      const record: ItemRecord = {
        item: 1,
        artifact: 'x',
        source: '/x',
        name: 'x',
        type: 'file',
        outcome: 'ok',
        size: 0,
        collected: '',
      };
      await items.append(record);
      await items.append({ ...record, item: 2 });
      const digest = await items.close();
      const text = await readFile(path, 'utf8');
      expect(text.split('\n')).to.have.length(3);
      expect(digest).to.equal(createHash('sha256').update(text).digest('hex'));
    }));
});

import type { Api } from '../../src/cluster/api.ts';
import type { Acquisition } from '../../src/evidence/acquisition.ts';
import { openCase } from '../../src/evidence/case.ts';
import type { ItemRecord } from '../../src/evidence/item-record.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { memoryIo } from '../support/memory-io.ts';
import { inSandbox } from './sandbox.ts';

/** What a collection from a fake API server came to. */
export interface Acquired {
  readonly items: readonly ItemRecord[];
  /** The item of that name. Throws when there is none. */
  item(name: string): ItemRecord;
  /** Its content. */
  text(name: string): string;
}

/** Runs `work` with the API and an acquisition in a case of its own, and reads back what it kept. */
export function acquired(
  fake: FakeApi,
  work: (api: Api, acquisition: Acquisition) => Promise<void>,
): Promise<Acquired> {
  return inSandbox(async (dir) => {
    const opened = await openCase(memoryIo(), { dir, target: 'x' });
    const acquisition = await opened.startAcquisition({ kind: 'node', target: 'node-a' });
    const api = await fake.connect();
    await work(api, acquisition);
    await acquisition.finish({ outcome: 'complete' });
    await opened.close();
    await api.close();
    const reader = await openAcquisition(acquisition.dir);
    const texts = new Map<string, string>();
    for (const item of reader.items) texts.set(item.name, String(await reader.bytes(item, 1e6)));
    const item = (name: string): ItemRecord => {
      const found = reader.items.find((one) => one.name === name);
      if (found === undefined) throw new Error(`no item ${name}`);
      return found;
    };
    return { items: reader.items, item, text: (name) => texts.get(item(name).name) ?? '' };
  });
}

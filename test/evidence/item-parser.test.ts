import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parserOf } from '../../src/evidence/item-parser.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { caseWith } from './evidence-lab.ts';
import { inSandbox } from './sandbox.ts';

describe('parserOf', () => {
  it('is that of the catalogue, and of configuration what it says of itself', () =>
    inSandbox(async (dir) => {
      const kubelet = 'kind: KubeletConfiguration\n';
      await caseWith(dir, {
        '[root]/etc/passwd': { bytes: kubelet, artifact: 'config' },
        '[root]/opt/k.yaml': { bytes: kubelet, artifact: 'config' },
        '[root]/opt/empty': { bytes: '', artifact: 'config' },
        '[root]/opt/long': { bytes: kubelet.repeat(40_000), artifact: 'config' },
        '[root]/tmp/k.yaml': { bytes: kubelet, artifact: 'temporary' },
        '[root]/opt/link': { target: '/opt/k.yaml' },
      });
      const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
      const reader = await openAcquisition(join(dir, 'data/acquisitions', name));
      const found = new Map<string, string | undefined>();
      for (const item of reader.items) found.set(item.name, await parserOf(reader, item));
      expect([...found].filter(([, parser]) => parser !== undefined)).to.deep.equal([
        ['[root]/etc/passwd', 'passwd'],
        ['[root]/opt/k.yaml', 'kubelet configuration'],
      ]);
    }));
});

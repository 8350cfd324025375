import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { indicatorKey } from '../../src/findings/indicator.ts';
import { wantedOf } from '../../src/subcommands/scope-wanted.ts';
import { caseWith } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { cleanNode, containerMountTable, processItems, web } from '../findings/traces-lab.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const context = { io: memoryIo(), signal: new AbortController().signal };
const attacked = {
  ...cleanNode(),
  ...processItems(10, { in: web, fd: { 0: 'socket:[77]', 1: 'socket:[77]' }, mounts: containerMountTable() }),
  '[root]/proc/10/net/tcp': 'head\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
  'live_response/kubernetes/services.json': JSON.stringify({ kind: 'ServiceList', items: [] }),
  'live_response/kubernetes/node.json': JSON.stringify({
    kind: 'NodeList',
    items: [
      { metadata: { name: 'n' }, status: { addresses: [{ type: 'InternalIP', address: '10.0.0.5' }] } },
    ],
  }),
};

describe('what scope looks for', () => {
  it('is what a case and a list have, who is known, and since when', () =>
    inSandbox(async (dir) => {
      const [place, ioc] = [join(dir, 'case'), join(dir, 'list')];
      await caseWith(place, attacked);
      await writeFile(ioc, '192.0.2.1\njunk\n');
      const wanted = await wantedOf({ dir: place, ioc, audited: true }, context);
      expect(wanted.indicators.map(indicatorKey)).to.deep.equal([
        ...['address 10.244.2.3 4444', 'address 192.0.2.1'],
      ]);
      expect([...wanted.listed]).to.deep.equal(['address 192.0.2.1']);
      expect([...wanted.known.pods]).to.deep.equal(['prod/web']);
      expect(wanted.began).to.equal('2026-11-20T00:00:00Z');
      expect(wanted.cluster).to.deep.equal([
        { address: '10.0.0.5', ports: [10250], what: 'the kubelet of node n' },
      ]);
      expect(wanted.unknown.map(({ what }) => what)).to.deep.equal([`${ioc}:2`]);
    }));
  it('is not nothing, and no list without an end', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, cleanNode());
      const none = await failureOf(wantedOf({ dir, ioc: undefined, audited: false }, context));
      expect(none.message).to.equal('there is nothing to look for');
      const endless = await failureOf(wantedOf({ ioc: '/dev/zero', audited: false }, context));
      expect(endless.message).to.contain('/dev/zero is longer than');
    }));
});

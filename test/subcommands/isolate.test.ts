import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { command } from '../../src/subcommands/isolate.ts';
import { addNode } from '../collector/fake-kubelet.ts';
import { localNode } from '../collector/local-node.ts';
import { stickCollectors } from '../collector/stuck-collector.ts';
import { aNode, aPod } from '../fake-api/builders.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import { memoryIo } from '../support/memory-io.ts';
import { testConsent } from './consent-tests.ts';

describe('isolate', () => {
  testConsent('isolate', command);

  describe('where the collector is not gone in the end', () => {
    const node = localNode();
    let fake: FakeApi;
    let dir: string;
    beforeEach(async () => {
      fake = await startFakeApi();
      dir = await mkdtemp(join(tmpdir(), 'isolate-'));
      fake.put(aNode('node-a'));
      fake.put(aPod('web'));
      addNode(fake, node);
      // The node answers that it is there, and then no more.
      stickCollectors(fake, 1);
    });
    afterEach(async () => {
      await fake.close();
      await rm(dir, { recursive: true, force: true });
    });
    after(() => node.remove());

    for (const [words, flags, verdict, undo] of [
      [['web'], {}, /^UNVERIFIED {3}pod\/web/, 'web -n default'],
      [[], { selector: 'app=web' }, /UNVERIFIED .*web/, `'DIR'`],
    ] as const)
      it(`tells verdict, case and undo of ${words.length === 1 ? 'a pod' : 'a group'}, and what is left`, async () => {
        const io = memoryIo();
        const place = join(dir, 'case');
        const given = {
          'collector-namespace': 'kubectl-ir',
          skip: [],
          detach: false,
          cordon: false,
          'dry-run': 'none',
          yes: true,
          case: place,
          ...flags,
        };
        const global = { server: fake.url, token: 'fake-token' };
        const { signal } = new AbortController();
        expect(await command.start(words, given, { io, global, signal })).to.equal(3);
        expect(io.out()).to.match(verdict);
        expect(io.err()).to.include(`Case      ${place}\n`);
        expect(io.err()).to.include(`Undo      kubectl ir release ${undo.replace("'DIR'", place)}`);
        expect(io.err()).to.match(/^warning: the collector pod \S+ is not gone: .*: request timed out$/m);
        expect(io.err()).to.match(/^warning: it ends itself within \d+ s; .*kubectl ir cleanup$/m);
      });
  });
});

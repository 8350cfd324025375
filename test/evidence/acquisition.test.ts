import { createReadStream } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { extract, type Header } from 'tar-stream';
import type { FileStat } from '../../src/artifacts/item.ts';
import type { Acquisition } from '../../src/evidence/acquisition.ts';
import { openCase } from '../../src/evidence/case.ts';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { fileHeader, inSandbox, run } from './sandbox.ts';

const stat: FileStat = {
  mode: 0o104755,
  uid: 3_000_000,
  gid: 12,
  size: 5,
  links: 1,
  inode: 18446744073709551615n,
  device: 2049n,
  accessed: 1732250000123456789n,
  modified: -1500000000n,
  changed: 1732250000123456789n,
};

async function withAcquisition(
  work: (acquisition: Acquisition, dir: string) => Promise<void>,
): Promise<void> {
  await inSandbox(async (dir) => {
    const opened = await openCase(memoryIo(), { dir, target: 'node-a' });
    await work(await opened.startAcquisition({ kind: 'node', target: 'node-a', node: 'node-a' }), dir);
    await opened.close();
  });
}

async function put(acquisition: Acquisition, name: string | Buffer, content: Buffer): Promise<void> {
  await acquisition.begin(fileHeader(name, { stat }));
  await acquisition.write(content);
  await acquisition.end({ outcome: 'ok', length: content.length });
}

/** Members as tar-stream sees them, names as latin1. */
async function members(path: string): Promise<{ header: Header; content: Buffer }[]> {
  const found: { header: Header; content: Buffer }[] = [];
  const reader = extract({ filenameEncoding: 'latin1' } as object);
  createReadStream(path).pipe(reader);
  for await (const entry of reader as AsyncIterable<{ header: Header } & AsyncIterable<Buffer>>) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk);
    found.push({ header: entry.header, content: Buffer.concat(chunks) });
  }
  return found;
}

describe('acquisition', () => {
  it('keeps content, facts and gaps, and says so in its record and in custody', () =>
    withAcquisition(async (acquisition, dir) => {
      await put(acquisition, '[root]/etc/passwd', Buffer.from('root:'));
      await acquisition.begin(
        fileHeader('[root]/etc/mtab', { type: 'symlink', target: Buffer.from('../proc/self/mounts') }),
      );
      await acquisition.end({ outcome: 'ok', length: 0 });
      await acquisition.begin(fileHeader('[root]/proc/7/environ'));
      await acquisition.end({ outcome: 'denied', length: 0, detail: 'EACCES' });
      await acquisition.addFile(
        'live_response/api/node.json',
        Readable.from([Buffer.from('{'), Buffer.from('}')]),
        {
          artifact: 'node',
          source: '/api/v1/nodes/node-a',
          sensitive: true,
        },
      );
      await acquisition.gap('sockets', 'live_response/network/nft.txt', 'skipped', 'no nft in the image');
      const summary = await acquisition.finish({ outcome: 'complete' });
      expect(summary).to.include({ items: 6, outcome: 'complete', sensitive: 1, gapCount: 2 });
      expect(summary.outcomes).to.deep.equal({ ok: 4, denied: 1, skipped: 1 });
      const reader = await openAcquisition(acquisition.dir);
      expect(reader.items.map(({ name, source, outcome }) => [name, source, outcome])).to.deep.equal([
        ['[root]/etc/passwd', '/etc/passwd', 'ok'],
        ['[root]/etc/mtab', '/etc/mtab', 'ok'],
        ['[root]/proc/7/environ', '/proc/7/environ', 'denied'],
        ['live_response/api/node.json', '/api/v1/nodes/node-a', 'ok'],
        ['live_response/network/nft.txt', 'live_response/network/nft.txt', 'skipped'],
        ['uac.log', 'kubectl-ir', 'ok'],
      ]);
      const [passwd, , , json] = reader.items;
      expect(passwd).to.include({ mode: 0o104755, inode: '18446744073709551615', modified: '-1500000000' });
      if (passwd === undefined || json === undefined) throw new Error('items are missing');
      expect((await reader.bytes(passwd, 10)).toString()).to.equal('root:');
      expect((await reader.bytes(json, 10)).toString()).to.equal('{}');
      expect((await failureOf(reader.bytes(passwd, 4))).message).to.match(/has 5 bytes, more than the 4/);
      expect(reader.info.tar.name).to.match(/^uac-node-a-linux-20261122T0415\d\dZ\.tar$/);
      const custody = await readFile(join(dir, 'data/custody.jsonl'), 'utf8');
      expect(custody.match(/"action":"acquire"/g)).to.have.length(2);
      expect(await readdir(acquisition.dir)).to.have.length(3);
    }));

  it('gives hostile and repeated names a safe place of their own', () =>
    withAcquisition(async (acquisition) => {
      const names = ['/etc/../../x', 'a', 'a', 'a/b', '..', 'x\0y', 'd//e/.', '-rf', 'dir/f', 'dir'];
      for (const name of names) await put(acquisition, name, Buffer.from(name));
      await acquisition.begin(fileHeader('link', { type: 'symlink', target: Buffer.from('/') }));
      await acquisition.end({ outcome: 'ok', length: 0 });
      await put(acquisition, 'link/etc/cron.d/x', Buffer.from('evil'));
      await acquisition.finish({ outcome: 'complete' });
      const found = await members(
        join(acquisition.dir, (await openAcquisition(acquisition.dir)).info.tar.name),
      );
      expect(found.map(({ header }) => header.name)).to.deep.equal([
        'etc/\\x2e\\x2e/\\x2e\\x2e/x',
        'a',
        'a~2',
        'a~3/b',
        '\\x2e\\x2e',
        'x\\x00y',
        'd/e/\\x2e',
        '-rf',
        'dir/f',
        'dir~2',
        'link',
        'link~2/etc/cron.d/x',
        'uac.log',
      ]);
    }));

  it('round-trips any names, bytes and facts; tar-stream and GNU tar agree', async () => {
    const bytes = (max: number): fc.Arbitrary<Buffer> =>
      fc.uint8Array({ minLength: 1, maxLength: max }).map((array) => Buffer.from(array));
    const item = fc.record({
      name: fc.oneof(bytes(12), bytes(300), fc.constant(Buffer.from('[root]/etc/x'))),
      content: fc.oneof(bytes(40), bytes(2000), fc.constant(Buffer.alloc(0))),
      target: fc.option(bytes(200).filter((target) => !target.includes(0))),
      uid: fc.nat({ max: 0xffff_ffff }),
      modified: fc.bigInt({ min: -(2n ** 65n), max: 2n ** 70n }),
      mode: fc.nat({ max: 0o7777 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 6 }), (items) =>
        withAcquisition(async (acquisition) => {
          for (const { name, content, target, uid, modified, mode } of items) {
            const facts = { ...stat, uid, modified, mode: 0o100000 | mode };
            if (target === null) {
              await acquisition.begin(fileHeader(name, { stat: facts }));
              await acquisition.write(content);
            } else await acquisition.begin(fileHeader(name, { stat: facts, type: 'symlink', target }));
            await acquisition.end({ outcome: 'ok', length: target === null ? content.length : 0 });
          }
          await acquisition.finish({ outcome: 'complete' });
          const reader = await openAcquisition(acquisition.dir);
          const path = join(acquisition.dir, reader.info.tar.name);
          const found = await members(path);
          expect(found).to.have.length(items.length + 1);
          for (const [at, { content, target, uid, mode }] of items.entries()) {
            const member = found[at];
            const record = reader.items[at];
            if (member === undefined || record === undefined) throw new Error('a member is missing');
            const name =
              record.nameBytes === undefined
                ? Buffer.from(record.name)
                : Buffer.from(record.nameBytes, 'base64');
            expect(Buffer.from(member.header.name, 'latin1').equals(name)).to.equal(true);
            expect(member.header).to.include({ uid, mode });
            if (target === null) {
              expect(member.content.equals(content)).to.equal(true);
              expect((await reader.bytes(record, 4096)).equals(content)).to.equal(true);
            } else expect(Buffer.from(member.header.linkname, 'latin1').equals(target)).to.equal(true);
          }
          const listed = await run('tar', ['--quoting-style=escape', '-tvf', path]);
          expect(listed.trimEnd().split('\n')).to.have.length(items.length + 1);
        }),
      ),
      { numRuns: 25 },
    );
  }).timeout(60_000);

  it('calls an item truncated whose announced length did not come', () =>
    withAcquisition(async (acquisition) => {
      await acquisition.begin(fileHeader('a'));
      await acquisition.write(Buffer.from('abc'));
      await acquisition.end({ outcome: 'ok', length: 4 });
      await acquisition.begin(fileHeader('b'));
      await acquisition.write(Buffer.from('xy'));
      const { gaps } = await acquisition.finish({ outcome: 'partial', reason: 'the stream broke' });
      expect(gaps.map(({ name, outcome, detail }) => [name, outcome, detail])).to.deep.equal([
        ['a', 'truncated', '4 bytes announced, 3 came'],
        ['b', 'truncated', 'the stream ended in it'],
      ]);
    }));

  it('lets a file of its own wait for the item that is arriving', () =>
    withAcquisition(async (acquisition) => {
      await acquisition.begin(fileHeader('streamed'));
      const added = acquisition.addFile('added', Buffer.from('x'), { artifact: 'api', source: '/api' });
      await acquisition.write(Buffer.from('12'));
      await acquisition.end({ outcome: 'ok', length: 2 });
      await added;
      await acquisition.finish({ outcome: 'complete' });
      const { items } = await openAcquisition(acquisition.dir);
      expect(items.map(({ name }) => name)).to.deep.equal(['streamed', 'added', 'uac.log']);
    }));

  it('waits for a step of a stream that is given up, so that no line is written over another', () =>
    withAcquisition(async (acquisition) => {
      await acquisition.begin(fileHeader('a'));
      await acquisition.write(Buffer.from('12'));
      const ended = acquisition.end({ outcome: 'ok', length: 2 });
      await Promise.all([ended, acquisition.finish({ outcome: 'partial' })]);
      const { items } = await openAcquisition(acquisition.dir);
      expect(items.map(({ name, outcome }) => `${name} ${outcome}`)).to.deep.equal(['a ok', 'uac.log ok']);
    }));

  it('keeps what came of a file whose source fails', () =>
    withAcquisition(async (acquisition) => {
      const source = Readable.from(
        (function* () {
          yield Buffer.from('half');
          throw new Error('connection reset');
        })(),
      );
      const error = await failureOf(
        acquisition.addFile('x.json', source, { artifact: 'api', source: '/api' }),
      );
      expect(error.message).to.equal('connection reset');
      const { gaps } = await acquisition.finish({ outcome: 'partial' });
      expect(gaps[0]).to.include({ name: 'x.json', outcome: 'truncated' });
    }));
});

import { expect } from 'chai';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changesOf } from '../../src/filesystem/changes.ts';
import type { Change } from '../../src/filesystem/pod-diff.ts';
import { pathText } from '../../src/filesystem/path-text.ts';
import { collectContents, isWanted } from '../../src/filesystem/contents.ts';
import { localNode, MemorySink } from '../collector/local-node.ts';
import { localCollector } from './local-collector.ts';

const change = (raw: string, more: Partial<Change> = {}): Change => ({
  ...pathText(raw),
  change: 'added',
  type: 'file',
  size: 5,
  flags: [],
  ...more,
});

describe('contents of changed files', () => {
  it('are wanted of new files, never of secrets', () => {
    const chosen = [
      change('/log', { size: 9 }),
      change('/tool', { size: 99, content: 'elf' }),
      change('/touched', { change: 'touched' }),
      change('/dir', { type: 'directory' }),
      change('/etc/shadow'),
      change('/root/.ssh/id_ed25519'),
      change('/tls/server.key'),
      change('/empty', { size: 0 }),
    ].filter(isWanted);
    expect(chosen.map(({ path }) => path)).to.deep.equal(['/log', '/tool']);
  });

  it('come with hostile names, and not over links', async function () {
    this.timeout(20_000);
    const directory = mkdtempSync(join(tmpdir(), 'kubectl-ir-contents-'));
    const upper = join(directory, 'fs');
    const node = localNode('/.');
    const sink = new MemorySink();
    const names = ['-rf', 'new\nline', '$(id)', 'back\\slash\\c', "q'uote", 'end\n', '%s', 'ü'];
    try {
      mkdirSync(join(upper, 'd'), { recursive: true });
      for (const name of names) writeFileSync(join(upper, 'd', name), `content of ${name}`);
      symlinkSync('/etc', join(upper, 'swapped'));
      symlinkSync('/etc/passwd', join(upper, 'link'));
      const raws = [
        ...names.map((name) => `/d/${Buffer.from(name).toString('latin1')}`),
        '/swapped/passwd',
        '/gone',
        '/link',
      ];
      await collectContents(
        localCollector(node),
        [
          {
            upper,
            layers: { upper, lowers: [], userAttributes: false },
            diff: { id: '', processes: [], changes: changesOf(raws.map((raw) => change(raw))) },
          },
        ],
        {
          sink,
          signal: new AbortController().signal,
        },
      );
      for (const name of names) {
        const item = sink.named(`[root]${upper}/d/${name}`);
        expect(item.data.toString()).to.equal(`content of ${name}`);
        expect(item.end.outcome).to.equal('ok');
      }
      expect(sink.named(`[root]${upper}/swapped/passwd`).end).to.include({ outcome: 'vanished', length: 0 });
      expect(sink.named(`[root]${upper}/gone`).end).to.include({ outcome: 'vanished', length: 0 });
      expect(sink.named(`[root]${upper}/link`).header.type).to.equal('symlink');
      expect(sink.items).to.have.length(raws.length);
    } finally {
      node.remove();
      rmSync(directory, { recursive: true });
    }
  });
});

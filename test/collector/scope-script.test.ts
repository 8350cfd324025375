import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { splitNul } from '../../src/artifacts/nul-list.ts';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { scriptInput } from '../../src/filesystem/script-input.ts';
import { type LocalNode, localNode, MemorySink } from './local-node.ts';

/** Processes and places where anybody may write of its own: what else this machine runs and holds is not searched. */
const alone =
  'for place in tmp var/tmp root home run; do mount -t tmpfs none "/$place"; done; exec "$0" "$@"';
const apart = ['unshare', '-r', '-m', '-p', '-f', '--mount-proc', 'sh', '-c', alone];

describe('the script of scope', function () {
  this.timeout(120_000);
  let dir: string;
  let node: LocalNode;

  before(() => {
    dir = mkdtempSync('/dev/shm/scope-script-');
    node = localNode('/', apart);
  });
  after(() => {
    node.remove();
    rmSync(dir, { recursive: true, force: true });
  });

  const answers = async (paths: readonly string[], sizes: readonly string[] = []): Promise<string[]> => {
    const sink = new MemorySink();
    const options = { args: sizes, signal: new AbortController().signal, input: scriptInput(paths) };
    await collectFrames(node.exec, namedScript('scope'), sink, options);
    expect(sink.items.map(({ header }) => String(header.name))).to.deep.equal([
      'live_response/scope/files.txt',
    ]);
    const bytes = sink.items[0]?.data ?? Buffer.alloc(0);
    return splitNul(bytes).map((line) => line.toString('latin1').replace(/ \/proc\/[0-9]+\/root/, ' '));
  };
  const plant = (name: string, content: string): [string, string] => {
    const path = join(dir, name);
    writeFileSync(path, content);
    return [path, createHash('sha256').update(content).digest('hex')];
  };

  it('answers with the digests of the paths that it is asked for, whatever they are called', async () => {
    const names = ["a 'b'", '-rf $(reboot)', 'new\nline', 'back\\slash', '*'];
    const planted = names.map((name) => plant(name, `content of ${name}`));
    const fifo = join(dir, 'fifo');
    spawnSync('mkfifo', [fifo]);
    const link = join(dir, 'link');
    symlinkSync('/etc/passwd', link);
    const found = await answers([
      ...planted.map(([path]) => path),
      fifo,
      link,
      dir,
      join(dir, 'none'),
      '/proc/kmsg',
    ]);
    expect(found).to.include.members(planted.map(([path, hash]) => `${hash} ${path}`));
    const others = [fifo, link, dir, join(dir, 'none')].map((path) => ` ${path}`);
    expect(found.filter((line) => others.some((other) => line.endsWith(other)))).to.deep.equal([]);
  });

  it('finds files of a size where anybody may write, and nothing where it is asked for nothing', async () => {
    const [path, hash] = plant('sized', 'x'.repeat(76_543));
    plant('longer', 'x'.repeat(76_544));
    const found = await answers([], ['76543']);
    expect(found.filter((line) => line.includes(dir))).to.include(`${hash} ${path}`);
    expect(found.join('\n')).to.not.contain(`${dir}/longer`);
    expect(await answers([])).to.deep.equal([]);
  });
});

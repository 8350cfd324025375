import { expect } from 'chai';
import { reverseShell } from '../../../src/findings/rules/reverse-shell.ts';
import { processItems, seenBy, web } from '../traces-lab.ts';

describe('rule reverse-shell', () => {
  it('finds a program on a connection that it opened, whatever it is called', () => {
    expect(
      seenBy(
        reverseShell,
        processItems(10, {
          in: web,
          exe: '/bin/harmless',
          fd: { 0: 'socket:[77]', 1: 'socket:[77]', 2: 'socket:[77]' },
        }),
        {
          '[root]/proc/10/net/tcp':
            'sl a b c d e f g h i\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
        },
      ),
    ).to.deep.equal(['critical: open to 10.244.2.3:4444']);
  });
  it('finds one whose input and output are two connections', () => {
    expect(
      seenBy(reverseShell, processItems(10, { in: web, fd: { 0: 'socket:[77]', 1: 'socket:[78]' } }), {
        '[root]/proc/10/net/tcp':
          'sl a b c d e f g h i\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n1: 0303F40A:A45D 0302F40A:115D 01 0:0 0:0 0 0 0 78 1\n',
      }),
    ).to.deep.equal(['critical: open to 10.244.2.3:4444']);
  });
  it('doubts what a service started for who came in', () => {
    expect(
      seenBy(reverseShell, processItems(10, { in: web, fd: { 0: 'socket:[77]', 1: 'socket:[77]' } }), {
        '[root]/proc/10/net/tcp':
          'sl a b c d e f g h i\n0: 00000000:0016 00000000:0000 0A 0:0 0:0 0 0 0 70 1\n1: 0303F40A:0016 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
      }),
    ).to.deep.equal(['medium: served to 10.244.2.3:4444, which connected to port 22']);
  });
  it('leaves a client alone that has a connection beside its input', () => {
    expect(
      seenBy(
        reverseShell,
        processItems(10, { in: web, fd: { 0: '/dev/null', 1: 'pipe:[5]', 3: 'socket:[77]' } }),
        {
          '[root]/proc/10/net/tcp':
            'sl a b c d e f g h i\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
        },
      ),
    ).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { parseBodyfile } from '../../src/artifacts/bodyfile.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { messageText } from '../../src/incident/event.ts';
import { bodyfileLine } from '../../src/incident/mactime.ts';
import { eventWith } from './places.ts';

const line = (more: Parameters<typeof eventWith>[0], count = 1): string | undefined =>
  bodyfileLine({ event: eventWith(more), evidence: [], seen: 1, count });
const file = { inode: '7', mode: '-rwsr-xr-x', uid: 1, gid: 2, size: 3, times: 'mc' };

describe('bodyfileLine', () => {
  it('has files with their times, and where they are of', () => {
    expect(line({ source: 'file', node: 'node-a', path: '/a|b%', file })).to.equal(
      '0|node-a:/a%7Cb%25|7|-rwsr-xr-x|1|2|3|-1|1795320900|1795320900|-1\n',
    );
    expect(
      line({ source: 'container', node: 'node-a', pod: 'prod/shop', container: 'web', path: '/x', file }),
    ).to.match(/^0\|prod\/shop\/web:\/x\|/);
  });

  it('has anything else by its message', () => {
    expect(line({ node: 'node-a' }, 2)).to.equal(
      '0|[syslog] node-a: sshd[7]: hello (2 times)|0|----------|0|0|0|-1|1795320900|-1|-1\n',
    );
  });

  it('leaves out what mactime drops', () => {
    expect(line({ time: '1970-01-01T00:00:00.9Z' })).to.equal(undefined);
    expect(line({ time: '1969-12-31T23:59:59Z' })).to.equal(undefined);
  });

  it('gives back every name when it is read again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const path = messageText(Buffer.from(bytes));
        const text = line({ source: 'file', node: 'a', path, file }) ?? '';
        expect(text.indexOf('\n')).to.equal(text.length - 1);
        const [entry, ...more] = [...parseBodyfile(Buffer.from(text))];
        if (entry === undefined || isMalformed(entry)) throw new Error('no line of a body file');
        // Control characters are written as what they are read from.
        const name = `a:${path}`.replace(/\\x([01][0-9a-f]|7f)/g, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        );
        expect([String(entry.name), entry.modified, more.length]).to.deep.equal([name, 1_795_320_900, 0]);
      }),
    );
  });
});

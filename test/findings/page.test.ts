import { expect } from 'chai';
import { Page } from '../../src/findings/page.ts';
import { processItems, web } from './traces-lab.ts';

function pageOf(items: ReturnType<typeof processItems>): Page {
  const page = new Page();
  let item = 0;
  for (const [name, content] of Object.entries(items)) {
    const source = { acquisition: 'a', item: (item += 1), name };
    if (typeof content === 'object' && 'target' in content)
      page.addLink(Buffer.from(name), source, Buffer.from(content.target));
    else if (typeof content === 'string') page.addFile(Buffer.from(name), source, Buffer.from(content));
  }
  return page;
}

describe('one acquisition', () => {
  it('names the table of the namespace that a socket is in', () => {
    const row = (inode: number): string =>
      `sl a b c d e f g h i\n0: 0100007F:0016 00000000:0000 0A 0:0 0:0 0 0 0 ${inode} 1\n`;
    const page = pageOf({
      ...processItems(1),
      ...processItems(7, { in: web }),
      '[root]/proc/net/tcp': row(1),
      '[root]/proc/7/net/tcp': row(2),
    });
    expect(page.sockets().map(({ source, value }) => `${source.name} ${value.inode}`)).to.deep.equal([
      '[root]/proc/net/tcp 1',
      '[root]/proc/7/net/tcp 2',
    ]);
  });
  it('names the table of the node also where no process of the node came, only its link', () => {
    const row = 'sl a b c d e f g h i\n0: 0100007F:0016 00000000:0000 0A 0:0 0:0 0 0 0 1 1\n';
    const page = pageOf({
      ...processItems(7, { in: web, namespaces: { net: 102 } }),
      '[root]/proc/net/tcp': row,
      '[root]/proc/self/ns/net': { target: 'net:[102]' },
    });
    expect(page.sockets().map(({ source, value }) => [source.name, value.namespace])).to.deep.equal([
      ['[root]/proc/net/tcp', 102],
    ]);
    expect(page.processes().map(({ pid }) => pid)).to.deep.equal([7]);
  });
  it('gives processes with their links, environment and kept program', () => {
    const page = pageOf({
      ...processItems(7, {
        in: web,
        root: '/host',
        fd: { 0: '/dev/null', 12: '/x' },
        environ: ['A=1', 'B=2'],
      }),
      '[root]/proc/uptime': '400.5 1\n',
    });
    page.addKept(7, { acquisition: 'a', item: 99, name: 'exe' }, 'ff');
    const [process] = page.processes();
    expect(process?.root?.value.toString()).to.equal('/host');
    expect(
      [...(process?.descriptors ?? [])].map(([number, { value }]) => `${number} ${value.toString()}`),
    ).to.deep.equal(['0 /dev/null', '12 /x']);
    expect(String(process?.environment?.value)).to.equal('A=1\0B=2\0');
    expect(process?.kept).to.deep.equal({ source: { acquisition: 'a', item: 99, name: 'exe' }, value: 'ff' });
    // It started 500 s after boot, which is after evidence was first taken.
    expect(process?.young).to.equal(true);
  });
  it('keeps sockets that say something, and counts rows that are none', () => {
    const page = pageOf({
      '[root]/proc/net/tcp':
        'sl a b c d e f g h i\n0: 0100007F:0016 00000000:0000 0A 0:0 0:0 0 0 0 1 1\n1: 0100007F:0017 00000000:0000 07 0:0 0:0 0 0 0 2 1\nbad\n',
    });
    expect(page.sockets().map(({ value }) => value.inode)).to.deep.equal([1]);
    expect(page.malformed).to.equal(1);
  });
});

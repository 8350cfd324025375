import { expect } from 'chai';
import fc from 'fast-check';
import { parseMountinfo } from '../../src/artifacts/mountinfo.ts';

const overlay =
  '652 600 0:51 / / rw,relatime shared:3 master:1 - overlay overlay rw,lowerdir=/l1:/l2,upperdir=/u,workdir=/w\n';

describe('parseMountinfo', () => {
  it('reads an overlay with its propagation and super options', () => {
    expect([...parseMountinfo(Buffer.from(overlay))]).to.deep.equal([
      {
        id: 652,
        parent: 600,
        device: '0:51',
        root: Buffer.from('/'),
        point: Buffer.from('/'),
        options: ['rw', 'relatime'],
        propagation: ['shared:3', 'master:1'],
        type: 'overlay',
        source: Buffer.from('overlay'),
        superOptions: Buffer.from('rw,lowerdir=/l1:/l2,upperdir=/u,workdir=/w'),
      },
    ]);
  });

  it('decodes the escapes of names and keeps bytes that are no UTF-8', () => {
    const [mount] = [
      ...parseMountinfo(Buffer.from('1 0 8:1 /a\\040b /m\\012n\\134\xff ro - ext4 /dev/sda1 rw\n', 'latin1')),
    ];
    expect(mount).to.deep.include({
      root: Buffer.from('/a b'),
      point: Buffer.from('/m\nn\\\xff', 'latin1'),
      propagation: [],
    });
  });

  it('is not led astray by a mount point called -', () => {
    const [mount] = [...parseMountinfo(Buffer.from('1 0 8:1 - - rw - ext4 - rw\n'))];
    expect(mount).to.deep.include({ root: Buffer.from('-'), point: Buffer.from('-'), type: 'ext4' });
  });

  it('tells a cut line as malformed', () => {
    for (let length = 1; length < overlay.indexOf('rw,lowerdir'); length += 1)
      expect([...parseMountinfo(Buffer.from(overlay.slice(0, length)))][0], String(length)).to.have.property(
        'malformed',
      );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        Array.from(parseMountinfo(Buffer.from(data)));
      }),
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { parseModules } from '../../src/artifacts/modules.ts';

describe('parseModules', () => {
  it('reads users, state and taint', () => {
    const text = `br_netfilter 32768 0 - Live 0xffffffffc0a00000
bridge 311296 2 br_netfilter,x, Live 0x0000000000000000
diamorphine 16384 0 - Live 0xffffffffc0b00000 (OE)
fixed 4096 - - Unloading 0x0
not a module
`;
    expect([...parseModules(Buffer.from(text))]).to.deep.equal([
      { name: 'br_netfilter', size: 32768, references: 0, usedBy: [], state: 'Live', taints: '' },
      {
        name: 'bridge',
        size: 311296,
        references: 2,
        usedBy: ['br_netfilter', 'x'],
        state: 'Live',
        taints: '',
      },
      { name: 'diamorphine', size: 16384, references: 0, usedBy: [], state: 'Live', taints: 'OE' },
      { name: 'fixed', size: 4096, references: undefined, usedBy: [], state: 'Unloading', taints: '' },
      { malformed: 'no line of the module list', offset: text.indexOf('not a') },
    ]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        Array.from(parseModules(Buffer.from(data)));
      }),
    );
  });
});

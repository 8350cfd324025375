import { expect } from 'chai';
import { hiddenModule } from '../../../src/findings/rules/hidden-module.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule hidden-module', () => {
  it('finds a module that two lists have', () => {
    expect(
      seenBy(hiddenModule, {
        '[root]/sys/module/diamorphine/initstate': 'live\n',
        'live_response/system/module_symbols.txt': 'overlay\ndiamorphine\n',
      }),
    ).to.deep.equal(['critical: module diamorphine is in 2 of two other lists and not in /proc/modules']);
  });
  it('leaves listed ones alone, however they are written, and one that is on its way', () => {
    expect(
      seenBy(hiddenModule, {
        '[root]/proc/modules': 'nf_tables 1 0 - Live 0x0\n',
        '[root]/sys/module/overlay/initstate': 'going\n',
        'live_response/system/module_symbols.txt': 'nf-tables\nbpf\n',
      }),
    ).to.deep.equal([]);
  });
});

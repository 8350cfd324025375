import { expect } from 'chai';
import { parseKernelSymbols } from '../../src/artifacts/kernel-symbols.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = `ffffffff81000000 T _text
0000000000000000 t nf_conntrack_lock\t[nf_conntrack]
ffffffffc0a01000 t bpf_prog_6deef7357e7b4530_sd_fw_egress\t[bpf]
not a symbol
`;

describe('parseKernelSymbols', () => {
  it('reads symbols of the kernel, of modules and of eBPF programs', () =>
    expect([...parseKernelSymbols(Buffer.from(sample))]).to.deep.equal([
      { address: 0xffffffff81000000n, type: 'T', name: '_text' },
      { address: 0n, type: 't', name: 'nf_conntrack_lock', module: 'nf_conntrack' },
      {
        address: 0xffffffffc0a01000n,
        type: 't',
        name: 'bpf_prog_6deef7357e7b4530_sd_fw_egress',
        module: 'bpf',
        tag: '6deef7357e7b4530',
      },
      { malformed: 'no symbol of the kernel', offset: sample.indexOf('not') },
    ]));

  it('ends soon on long lines', () => survivesLongLines(parseKernelSymbols, '0000000000000000 t '));

  it('survives hostile bytes', () => survivesHostileBytes(parseKernelSymbols, sample));
});

import { type Malformed, lines } from './lines.ts';

/** One symbol of the kernel: kernel/kallsyms.c `s_show`. */
export interface KernelSymbol {
  /** 0 when the kernel hides addresses (kptr_restrict). */
  readonly address: bigint;
  /** As nm(1) has it, such as `t`. */
  readonly type: string;
  readonly name: string;
  /** The module it is of; `bpf` for eBPF programs. */
  readonly module?: string;
  /** Of an eBPF program: the first 8 bytes of the digest of its instructions, hex. */
  readonly tag?: string;
}

/** The symbols of a file. */
export function* parseKernelSymbols(bytes: Buffer): Generator<KernelSymbol | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    const match = /^([0-9a-f]{1,16}) (\S) (\S+)(?:\s+\[([^\]]+)\])?\s*$/.exec(line.toString('latin1'));
    if (match === null) {
      yield { malformed: 'no symbol of the kernel', offset };
      continue;
    }
    const [, address = '', type = '', name = '', module] = match;
    const tag = module === 'bpf' ? /^bpf_prog_([0-9a-f]{16})/.exec(name)?.[1] : undefined;
    yield {
      address: BigInt(`0x${address}`),
      type,
      name,
      ...(module === undefined ? {} : { module }),
      ...(tag === undefined ? {} : { tag }),
    };
  }
}

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type ChainHead, chainStart, type CustodyLine } from './custody-line.ts';
import { type ChainReading, readChain } from './custody.ts';
import { hasCode } from './durable-file.ts';
import { layout } from './layout.ts';

/** What reading the whole custody of a case gave, in the payload and beside the bag. */
export interface CustodyReading {
  readonly head: ChainHead;
  /** Lines beside the bag. */
  readonly afterSeal: number;
  /** What is wrong with the chain, in one sentence; nothing behind that place was shown. */
  readonly broken?: string;
}

/** Shows every line of a case's custody in order, as far as the chain holds. Takes no lock and repairs nothing. */
export async function readCustody(
  dir: string,
  visit: (line: CustodyLine) => void = () => undefined,
): Promise<CustodyReading> {
  const main = await readFileChain(join(dir, layout.custody), chainStart, visit);
  const broken = faultOf(layout.custody, main);
  if (broken !== undefined) return { head: main.head, afterSeal: 0, broken };
  const after = await readFileChain(join(dir, layout.custodyAfterSeal), main.head, visit);
  const fault = faultOf(layout.custodyAfterSeal, after);
  return {
    head: after.head,
    afterSeal: after.head.seq - main.head.seq,
    ...(fault === undefined ? {} : { broken: fault }),
  };
}

async function readFileChain(
  path: string,
  start: ChainHead,
  visit: (line: CustodyLine) => void,
): Promise<ChainReading> {
  try {
    return await readChain(createReadStream(path), start, visit);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return { head: start, tail: Buffer.alloc(0) };
  }
}

function faultOf(file: string, { broken, tail }: ChainReading): string | undefined {
  if (broken !== undefined) return `line ${broken.line} of ${file} ${broken.why}`;
  return tail.length > 0 ? `${file} ends in the middle of a line` : undefined;
}

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { verifyPath } from '../../src/evidence/verify.ts';
import { OperationError } from '../../src/output/errors.ts';
import { pythonPackage, runPython } from '../support/python.ts';
import { type SuiteBag, suite } from './conformance-bags.ts';
import { inSandbox } from './sandbox.ts';

/** Prints for each directory whether bagit.py takes it for a valid bag. */
const validateAll = `
import bagit, logging, sys
logging.disable(logging.CRITICAL)
for path in sys.argv[1:]:
    try:
        bagit.Bag(path).validate()
        print('valid')
    except (bagit.BagError, ValueError):
        print('invalid')
`;

async function write(dir: string, { files }: SuiteBag): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    await mkdir(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) await writeFile(path, content);
  }
}

/** What verify says of a bag; what is no bag at all is an invalid one here. */
async function judge(dir: string): Promise<'valid' | 'invalid'> {
  try {
    const { verdict } = await verifyPath(dir);
    return verdict === 'CONSISTENT' ? 'valid' : 'invalid';
  } catch (error) {
    if (error instanceof OperationError) return 'invalid';
    throw error;
  }
}

describe('conformance of bags', () => {
  it('is judged as the suite of the Library of Congress and bagit.py judge', () =>
    inSandbox(async (dir) => {
      const places = suite.map((_, at) => join(dir, String(at)));
      for (const [at, bag] of suite.entries()) await write(places[at] ?? '', bag);
      const packages = await pythonPackage('bagit', '1.9.0');
      const stock = (await runPython(packages, validateAll, places)).trimEnd().split('\n');
      expect(stock).to.have.length(suite.length);
      for (const [at, { name, stockDiffers }] of suite.entries()) {
        const ours = await judge(places[at] ?? '');
        const category = name.split('/')[1] ?? '';
        const wanted = { valid: 'valid', invalid: 'invalid', 'linux-only': 'invalid' }[category];
        if (wanted !== undefined) expect(ours, name).to.equal(wanted);
        if (stockDiffers === undefined) expect(ours, `${name}, by bagit.py`).to.equal(stock[at]);
        else expect(ours, `${name}: ${stockDiffers}`).to.not.equal(stock[at]);
      }
    })).timeout(120_000);
});

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { mock } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { UsageError } from '../src/output/errors.ts';
import { parseLine } from '../src/parse.ts';

const flags = {
  namespace: { type: 'string', short: 'n', summary: 'namespace' },
  output: { type: 'string', short: 'o', summary: 'format', choices: ['json', 'yaml'] },
  'as-group': { type: 'string', summary: 'group', repeated: true },
  yes: { type: 'boolean', short: 'y', summary: 'yes' },
  v: { type: 'number', summary: 'level' },
  tail: { type: 'number', summary: 'lines', default: 10 },
} as const;

const absent = { 'as-group': [], yes: false, tail: 10 };

async function failure(...argv: string[]): Promise<unknown> {
  return parseLine(argv, flags).catch((error: unknown) =>
    error instanceof UsageError ? error.message : error,
  );
}

describe('parseLine', () => {
  for (const [argv, values, words] of [
    [[], {}, []],
    [['a', '-n', 'prod', '--yes', 'b'], { namespace: 'prod', yes: true }, ['a', 'b']],
    [['-n=prod', '--namespace', 'last'], { namespace: 'last' }, []],
    [['-yn', 'prod'], { namespace: 'prod', yes: true }, []],
    [['--as-group', 'a', '--as-group=b', 'c'], { 'as-group': ['a', 'b'] }, ['c']],
    [['-v=6', '--tail', '0'], { v: 6, tail: 0 }, []],
    [['--yes=false', '007', '1e3'], {}, ['007', '1e3']],
    [['pod', '--', '-rf', '--x'], {}, ['pod', '-rf', '--x']],
    [['-n', '-x'], { namespace: '-x' }, []],
    [['-n', ''], { namespace: '' }, []],
    [['-'], {}, ['-']],
  ] as const) {
    it(`reads ${JSON.stringify(argv)}`, async () => {
      const line = await parseLine(argv, flags);
      const given = Object.fromEntries(
        Object.entries(line.values).filter(([, value]) => value !== undefined),
      );
      expect(given).to.deep.equal({ ...absent, ...values });
      expect(line.words).to.deep.equal(words);
      expect(line.help).to.equal(false);
    });
  }

  for (const [argv, message] of [
    [['--namspace', 'x'], 'unknown flag: --namspace; nearest: --namespace'],
    [['--hlp'], 'unknown flag: --hlp; nearest: --help'],
    [['--quantum=1'], 'unknown flag: --quantum'],
    [['--no-yes'], 'unknown flag: --no-yes'],
    [['--__proto__', 'x'], 'unknown flag: --__proto__'],
    [['-z'], "unknown shorthand flag: 'z' in -z"],
    [['--namespace'], 'flag needs an argument: --namespace'],
    [['-n'], 'flag needs an argument: -n'],
    [['-v', 'much'], 'invalid argument "much" for "--v" flag: not a number'],
    [['--tail='], 'invalid argument "" for "--tail" flag: not a number'],
    [['-o', 'xml'], 'invalid argument "xml" for "-o, --output" flag: must be one of json, yaml'],
  ] as const) {
    it(`refuses ${argv.join(' ')}`, async () => expect(await failure(...argv)).to.equal(message));
  }

  it('sees -h and --help', async () => {
    expect(await parseLine(['x', '-h'], flags)).to.have.property('help', true);
    expect(await parseLine(['--help'], flags)).to.have.property('help', true);
  });

  it('leaves everything from the first word on alone when asked to', async () => {
    const line = await parseLine(['-n', 'prod', 'isolate', '--unknown', '-o', 'xml'], flags, {
      untilWord: true,
    });
    expect(line.words).to.deep.equal(['isolate', '--unknown', '-o', 'xml']);
    expect(line.values).to.include({ namespace: 'prod' });
  });

  it('looks at no directory', async () => {
    const listed = mock.method(fs, 'readdirSync');
    syncBuiltinESMExports();
    try {
      await parseLine(['status', '-n', 'prod'], flags);
      expect(listed.mock.callCount()).to.equal(0);
    } finally {
      listed.mock.restore();
      syncBuiltinESMExports();
    }
  });

  it('either reads a line or throws a UsageError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 8 }), { maxLength: 6 }), async (argv) => {
        const line = await parseLine(argv, flags).catch((error: unknown) => error);
        return line instanceof UsageError || !(line instanceof Error);
      }),
      { numRuns: 50 },
    );
  });
});

import { expect } from 'chai';
import { errorLines, redactedLine } from '../../src/output/error-text.ts';
import {
  ApiError,
  InterruptedError,
  OperationError,
  PartialError,
  UsageError,
} from '../../src/output/errors.ts';

const context = {
  command: 'kubectl ir isolate',
  line: 'kubectl ir isolate web',
  verbosity: 0,
  build: { version: 'v1.2.3', commit: 'abc', node: 'v22.23.2', platform: 'linux/amd64' },
};

describe('errorLines', () => {
  for (const [name, error, lines] of [
    [
      'a usage error',
      new UsageError('unknown flag: --x'),
      ['error: unknown flag: --x', "See 'kubectl ir isolate --help' for usage."],
    ],
    [
      'an expected failure with advice',
      new PartialError('the stream broke', { advice: 'go on with: x\n(or y)' }),
      ['error: the stream broke', 'go on with: x', '(or y)'],
    ],
    [
      'what the API server said',
      new ApiError('pods "x" not found', { status: 404, reason: 'NotFound' }),
      ['Error from server (NotFound): pods "x" not found'],
    ],
    [
      'a refused login, as kubectl has it',
      new ApiError('You must be logged in to the server (x)', { status: 401, reason: 'Unauthorized' }),
      ['error: You must be logged in to the server (x)'],
    ],
    [
      'a server that is not there, as kubectl has it',
      new ApiError('Unable to connect to the server: x', { status: 0 }),
      ['Unable to connect to the server: x'],
    ],
    ['an interrupt', new InterruptedError('by SIGINT'), ['interrupted: by SIGINT']],
    [
      'further lines, indented',
      new OperationError('may not:\n  create pods\nHOLDS pod/x'),
      ['error: may not:', '  create pods', '  HOLDS pod/x'],
    ],
  ] as const) {
    it(`tells ${name}`, () => expect(errorLines(error, context)).to.deep.equal(lines));
  }

  it('reports a bug with version, command and stack', () => {
    const lines = errorLines(new TypeError('x is undefined', { cause: new Error('deeper') }), context);
    expect(lines.slice(0, 4)).to.deep.equal([
      'error: x is undefined',
      'This is a mistake in kubectl ir itself. Please report it with the lines below, without names that must stay secret.',
      '  kubectl-ir v1.2.3 (abc), node v22.23.2, linux/amd64',
      '  command: kubectl ir isolate web',
    ]);
    expect(lines[4]).to.match(/^ {4}at /);
    expect(lines).to.include('  caused by Error: deeper');
  });

  it('shows the stack of an expected failure from -v 6 on', () => {
    const error = new OperationError('x');
    expect(errorLines(error, { ...context, verbosity: 5 })).to.deep.equal(['error: x']);
    expect(errorLines(error, { ...context, verbosity: 6 }).length).to.be.greaterThan(1);
  });

  it('lets no text steer the terminal, and takes what is no Error', () => {
    expect(errorLines(new OperationError('\x1b[2J'), context)).to.deep.equal(['error: \\x1b[2J']);
    expect(errorLines('thrown text', context)[0]).to.equal('error: thrown text');
  });
});

describe('redactedLine', () => {
  it('shows no token', () => {
    expect(redactedLine(['isolate', '--token', 'secret', 'web', '--token=secret'])).to.equal(
      'kubectl ir isolate --token REDACTED web --token=REDACTED',
    );
  });
});

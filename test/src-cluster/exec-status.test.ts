import { expect } from 'chai';
import fc from 'fast-check';
import { parseExecStatus } from '../../src/cluster/exec-status.ts';

const parse = (value: unknown) => parseExecStatus(Buffer.from(JSON.stringify(value)));
const exited = (message: unknown) => ({
  metadata: {},
  status: 'Failure',
  message: 'm',
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message }] },
});

describe('parseExecStatus', () => {
  it('reads success and exit codes', () => {
    expect(parse({ metadata: {}, status: 'Success' })).to.deep.equal({ exitCode: 0 });
    expect(parse(exited('137'))).to.deep.equal({ exitCode: 137 });
  });

  it('gives the server’s words when the command did not run', () => {
    const end = parse({
      status: 'Failure',
      message: 'no such file \u001b[2J',
      reason: 'InternalError',
      code: 500,
    });
    expect(end).to.have.nested.property('error.message', 'no such file \\x1b[2J');
    expect(end).to.have.nested.property('error.status', 500);
  });

  for (const code of ['0', '-1', '1e3', '', ' 1', '99999999999', 7, null, {}]) {
    it(`takes a failure with the code ${JSON.stringify(code)} for an error, never for success`, () => {
      expect(parse(exited(code))).to.have.property('error');
    });
  }

  it('waits for the rest of what is no whole Status, and never throws', () => {
    const text = JSON.stringify(exited('3'));
    for (let end = 0; end < text.length; end += 1) {
      expect(parseExecStatus(Buffer.from(text.slice(0, end)))).to.equal(undefined);
    }
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseExecStatus(Buffer.from(bytes))).to.equal(undefined);
      }),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => void parse(value)));
  });

  it('does not take another kind for a Status', () => {
    expect(parse({ kind: 'Pod', status: 'Success' })).to.equal(undefined);
    expect(parse({ status: 'success' })).to.equal(undefined);
  });
});

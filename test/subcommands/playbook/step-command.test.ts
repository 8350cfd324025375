import { expect } from 'chai';
import { stepCommand } from '../../../src/subcommands/playbook/step-command.ts';

describe('stepCommand', () => {
  it('is filled in, ready to run and to be read', () => {
    const filling = { pod: 'web-0', namespace: 'prod', case: '/a b/case' };
    expect(stepCommand('isolate pod/{{pod}} -n {{namespace}} --case {{case}}', filling)).to.deep.equal({
      text: "kubectl ir isolate pod/web-0 -n prod --case '/a b/case'",
      words: ['isolate', 'pod/web-0', '-n', 'prod', '--case', '/a b/case'],
      filled: { pod: 'web-0', namespace: 'prod' },
      missing: [],
    });
  });

  for (const [line, fault] of [
    ['', 'it is empty'],
    ['isolate "x', 'a quotation mark or backslash at ""x" has no end'],
    ['isolate {{pdo}} {{toString}}', 'nothing is known of {{pdo}}, {{toString}}'],
    ['isolate {{pod}} -n {{namespace}}', 'nothing to fill {{pod}}, {{namespace}} with'],
  ] as const)
    it(`cannot be run: ${fault}`, () => expect(stepCommand(line, {}).fault).to.equal(fault));
});

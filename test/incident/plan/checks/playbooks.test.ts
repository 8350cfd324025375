import { expect } from 'chai';
import { lineProblem } from '../../../../src/incident/plan/checks/playbooks.ts';
import { checkText, mutated, someCommands } from '../plan-lab.ts';

const judged: readonly (readonly [line: string, problem: string | undefined])[] = [
  ['respond pod/{{pod}} -n {{namespace}} --case={{case}} -y', undefined],
  ['respond pod/x -nprod -y', undefined],
  ['isolate {{pod}} --dry-run {{case}} -- --anything', undefined],
  ['case open {{case}}', undefined],
  ['case opne x', 'there is no command "kubectl ir case opne"; nearest: kubectl ir case open'],
  ['case', 'there is no command "kubectl ir case"; there is: kubectl ir case open'],
  ['helm rollback', 'there is no command "kubectl ir helm"; what other programs do is a text step'],
  ['', 'there is no command "kubectl ir "; what other programs do is a text step'],
  ['kubectl ir isolate x', 'begins with kubectl ir, which is put before it anyway; leave that out'],
  ['respond "x', 'a quote is not closed'],
  ['findings x | grep y', 'no shell sees this line, so | does nothing; make it steps of their own'],
  ['findings x >out', 'no shell sees this line, so >out does nothing; make it steps of their own'],
  ['respond x --cse y', 'kubectl ir respond has no flag --cse; nearest: --case'],
  ['respond x -q', 'kubectl ir respond has no flag -q'],
  ['respond x --constructor', 'kubectl ir respond has no flag --constructor'],
  ['respond x --case', '--case needs a value'],
  ['isolate x --dry-run=maybe', '"maybe" is no value of --dry-run: it is one of none, client, server'],
];

describe('lineProblem', () => {
  for (const [line, problem] of judged)
    it(`judges ${line}`, () => {
      expect(lineProblem(line, someCommands)).to.equal(problem);
    });
});

describe('checkTemplate', () => {
  it('names what the message has nothing for', () => {
    const template = (text: string): string => mutated(/(url: https:.*)/, `$1\n  template: '${text}'`);
    expect(checkText(template('{{severity}} in {{ area }}: {{who}}'))).to.deep.equal([]);
    const [problem] = checkText(template('{{severty}}'));
    expect(problem?.rule).to.equal('unknown-placeholder');
    expect(problem?.message).to.match(
      /^webhook\.template: nothing fills in \{\{severty\}\}; there are \{\{organisation\}\}/,
    );
  });
});

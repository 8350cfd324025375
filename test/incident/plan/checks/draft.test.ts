import { expect } from 'chai';
import { exampleText, checkText, mutated } from '../plan-lab.ts';

describe('checkDraft', () => {
  it('finds FILL IN as a word, wherever it stands', () => {
    const text = mutated('merchant 80071', 'merchant FILL IN').replace(
      'Roll back with',
      'FILL IN - roll back with',
    );
    const todo = checkText(text).filter(({ rule }) => rule === 'fill-in');
    expect(todo.map(({ message }) => message)).to.deep.equal([
      'people.payment-desk.name: still says FILL IN',
      'playbooks.mistake.steps.back.text: still says FILL IN',
    ]);
    expect(checkText(exampleText.replace('Platform delivery', 'mastodons FILL INS'))).to.deep.equal([]);
  });
});

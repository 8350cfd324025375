import { expect } from 'chai';
import { amountOf, longEnvironment } from './amounts.ts';

describe('amounts', () => {
  const variable = 'KUBECTL_IR_TEST_CUTS';
  const kept = process.env[variable];
  const set = (value: string | undefined): void => {
    if (value === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = value;
  };
  afterEach(() => set(kept));

  it('are the usual ones, or what the environment says', () => {
    set(undefined);
    expect(amountOf('cuts')).to.equal(100);
    set('7');
    expect(amountOf('cuts')).to.equal(7);
  });

  it('are large for a long run, unless the environment says otherwise', () => {
    set(undefined);
    expect(longEnvironment()).to.include({ [variable]: '1000' });
    set('7');
    expect(longEnvironment()).to.include({ [variable]: '7' });
  });

  it('are numbers', () => {
    for (const text of ['0', '-1', 'many', '']) {
      set(text);
      expect(() => amountOf('cuts'), text).to.throw('KUBECTL_IR_TEST_CUTS is no number above 0');
    }
  });
});

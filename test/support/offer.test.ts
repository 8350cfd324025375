import { expect } from 'chai';
import { image, imageOf, lacking, nodeShell, program, twoNodes } from './offer.ts';

describe('what a given cluster offers', () => {
  const kept = { ...process.env };
  before(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith('KUBECTL_IR_')) Reflect.deleteProperty(process.env, name);
  });
  after(() => Object.assign(process.env, kept));

  it('is no shell, and no image that nobody named', () => {
    expect(lacking([nodeShell(), image('collector-full'), twoNodes(['a', 'b'])])).to.equal(
      'a shell on the nodes (only the test cluster of the project has one), ' +
        'the image collector-full (name it in KUBECTL_IR_COLLECTOR_FULL_IMAGE)',
    );
    expect(imageOf('shop')).to.equal('not-named.invalid/shop');
  });

  it('is an image that its variable names', () => {
    process.env['KUBECTL_IR_SHOP_IMAGE'] = 'registry.example/shop:2';
    expect(lacking([image('shop')])).to.equal(undefined);
    expect(imageOf('shop')).to.equal('registry.example/shop:2');
  });

  it('is a program of the machine', () => {
    expect(lacking([program('sh')])).to.equal(undefined);
    expect(lacking([program('no-such-program')])).to.equal(
      'the program no-such-program (install it, on PATH)',
    );
  });

  it('is enough when nothing is missing', () => {
    expect(lacking([])).to.equal(undefined);
    expect(lacking([twoNodes(['a', 'b'])])).to.equal(undefined);
    expect(lacking([twoNodes(['a'])])).to.equal('two nodes (1 is ready, runs Linux and takes pods)');
  });
});

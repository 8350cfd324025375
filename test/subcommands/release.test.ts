import { expect } from 'chai';
import { command } from '../../src/subcommands/release.ts';
import { failureOf } from '../support/failure.ts';
import { testConsent } from './consent-tests.ts';
import { runCommand } from './case/run.ts';

describe('release', () => {
  testConsent('release', command);

  it('says of a path that no case is there, in place of taking it for the name of something', async () => {
    for (const path of ['./none', '/none/case', '../none'])
      expect((await failureOf(runCommand(command, [path], { yes: true }))).message, path).to.match(
        /^no case at \/.*none/,
      );
  });
});

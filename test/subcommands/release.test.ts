import { command } from '../../src/subcommands/release.ts';
import { testConsent } from './consent-tests.ts';

describe('release', () => testConsent('release', command));

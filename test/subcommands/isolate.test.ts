import { command } from '../../src/subcommands/isolate.ts';
import { testConsent } from './consent-tests.ts';

describe('isolate', () => testConsent('isolate', command));

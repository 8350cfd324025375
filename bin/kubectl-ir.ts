#!/usr/bin/env node
import { main } from '../src/cli.ts';
import { processIo } from '../src/output/io.ts';
import { processSignals } from '../src/output/signals.ts';

// A promise that never settles empties the event loop; that must not look like success.
process.exitCode = 1;
const exitNow = (code: number): void => process.exit(code);
void main(process.argv.slice(2), processIo(), processSignals(exitNow)).then(exitNow);

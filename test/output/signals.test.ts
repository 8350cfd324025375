import { expect } from 'chai';
import { processSignals } from '../../src/output/signals.ts';

describe('processSignals', () => {
  const signals = processSignals(() => undefined);

  it('hands on an interrupt, and stops when told to', () => {
    const seen: string[] = [];
    const stop = signals.onInterrupt((name) => seen.push(name));
    const keepAlive = (): void => undefined;
    process.on('SIGTERM', keepAlive);
    process.emit('SIGTERM', 'SIGTERM');
    stop();
    process.emit('SIGTERM', 'SIGTERM');
    process.off('SIGTERM', keepAlive);
    expect(seen).to.deep.equal(['SIGTERM']);
    expect(process.listenerCount('SIGINT')).to.be.lessThan(2);
  });

  it('subscribes to what nothing caught, and stops when told to', () => {
    const before = process.listenerCount('uncaughtException');
    const stop = signals.onCrash(() => undefined);
    expect(process.listenerCount('uncaughtException')).to.equal(before + 1);
    stop();
    expect(process.listenerCount('uncaughtException')).to.equal(before);
  });

  it('ends the process through what it was given', () => {
    const codes: number[] = [];
    processSignals((code) => codes.push(code)).exitNow(130);
    expect(codes).to.deep.equal([130]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { inactiveBytes, readFigures, readNetwork } from '../../src/artifacts/figures.ts';

describe('figures of a cgroup', () => {
  it('are those of both versions', () => {
    expect(readFigures('cpuacct.usage', '123456789\n')).to.deep.equal({ cpuNs: 123456789 });
    expect(readFigures('cpuacct.usage', '18446744073709551615\n')).to.deep.equal({ cpuNs: 2 ** 64 });
    expect(readFigures('cpu.stat', 'usage_usec 5\nnr_periods 10\nnr_throttled 4\n')).to.deep.equal({
      cpuNs: 5000,
      periods: 10,
      throttledPeriods: 4,
    });
    expect(readFigures('cpu.stat', 'nr_periods 10\nnr_throttled 0\nthrottled_time 0\n')).to.deep.equal({
      periods: 10,
      throttledPeriods: 0,
    });
    expect(readFigures('memory.current', '4096\n')).to.deep.equal({ memoryBytes: 4096 });
    expect(readFigures('memory.limit_in_bytes', '104857600\n')).to.deep.equal({
      memoryLimitBytes: 104857600,
    });
    expect(readFigures('io.stat', '8:0 rbytes=10 wbytes=20 rios=1\n8:16 rbytes=1 wbytes=2\n')).to.deep.equal({
      readBytes: 11,
      writtenBytes: 22,
    });
    const blkio = '8:0 Read 10\n8:0 Write 20\n8:0 Sync 5\n8:16 Read 1\nTotal 36\n';
    expect(readFigures('blkio.throttle.io_service_bytes', blkio)).to.deep.equal({
      readBytes: 11,
      writtenBytes: 20,
    });
    expect(readFigures('pids.current', '7\n')).to.deep.equal({ processes: 7 });
    expect(inactiveBytes('inactive_file 5\ntotal_inactive_file 9\n')).to.equal(9);
  });

  it('have no limit where the kernel has none, and nothing for what they do not know', () => {
    expect(readFigures('memory.max', 'max\n')).to.deep.equal({});
    expect(readFigures('memory.limit_in_bytes', '9223372036854771712\n')).to.deep.equal({});
    expect(readFigures('toString', '1\n')).to.deep.equal({});
  });

  it('never throw, whatever stands in a file', () => {
    const files = ['cpu.stat', 'cpuacct.usage', 'memory.max', 'io.stat', 'pids.current', 'memory.current'];
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.string(), (file, text) => {
        for (const value of Object.values(readFigures(file, text)))
          expect(Number.isFinite(value)).to.equal(true);
        readNetwork(text);
        inactiveBytes(text);
      }),
    );
  });
});

describe('bytes of a network', () => {
  it('leave out what stays on the machine', () => {
    const text =
      'Inter-| Receive | Transmit\n face |bytes packets\n' +
      '    lo: 100 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0\n' +
      '  eth0:2000 1 0 0 0 0 0 0 3000 1 0 0 0 0 0 0\n' +
      '  eth1: 1 1 0 0 0 0 0 0 2 1 0 0 0 0 0 0\n';
    expect(readNetwork(text)).to.deep.equal({ receivedBytes: 2001, sentBytes: 3002 });
  });
});

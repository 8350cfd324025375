import { expect } from 'chai';
import { parseContainerdStatus, parseCrioState } from '../../src/artifacts/container-status.ts';
import { survivesHostileBytes } from './hostile.ts';
import { recorded } from './runtimes.ts';

const id = 'ab'.repeat(32);
const path = Buffer.from(`[root]/var/lib/containerd/io.containerd.grpc.v1.cri/containers/${id}/status`);
const status = recorded('containerd/status');
const told = (bytes: Buffer): object[] => [...parseContainerdStatus(bytes, path)];

describe('the status of a container of containerd', () => {
  it('is read to the nanosecond', () => {
    expect(told(status)).to.deep.equal([
      {
        id,
        state: 'running',
        pid: 743,
        created: '2026-11-26T10:01:37.151208790Z',
        started: '2026-11-26T10:01:37.570480359Z',
      },
    ]);
  });

  it('says how it ended', () => {
    const ended = status
      .toString()
      .replace('"FinishedAt":0', '"FinishedAt":1795687001000000007')
      .replace('"ExitCode":0', '"ExitCode":137')
      .replace('"Reason":""', '"Reason":"OOMKilled"');
    const [one] = told(Buffer.from(ended));
    expect(one).to.include({
      state: 'exited',
      exitCode: 137,
      outOfMemory: true,
      error: 'OOMKilled',
      finished: '2026-11-26T09:56:41.000000007Z',
    });
    expect(one).not.to.have.property('pid');
  });

  it('is none of another version, cut, or of other types', () => {
    const none = [{ malformed: 'no status of a container of containerd', offset: 0 }];
    expect(told(Buffer.from(status.toString().replace('"v1"', '"v2"')))).to.deep.equal(none);
    expect(told(status.subarray(0, 90))).to.deep.equal(none);
    expect([...parseContainerdStatus(status, Buffer.from('[root]/x/status'))]).to.deep.equal(none);
    const wrong = { Version: 'v1', Pid: '7', CreatedAt: 'x', StartedAt: -5, FinishedAt: [], ExitCode: {} };
    expect(told(Buffer.from(JSON.stringify(wrong)))).to.deep.equal([{ id, state: 'created' }]);
    const huge = `{"Version":"v1","StartedAt":${'9'.repeat(40)},"FinishedAt":${'9'.repeat(4000)}}`;
    expect(told(Buffer.from(huge))).to.deep.equal([{ id, state: 'created' }]);
    survivesHostileBytes((bytes) => parseContainerdStatus(bytes, path), status);
  });
});

describe('the state of a container of CRI-O', () => {
  const place = Buffer.from(`[root]/var/lib/containers/storage/overlay-containers/${id}/userdata/state.json`);
  // In the form of CRI-O's ContainerState; a time that is none is one of the year 1.
  const state = {
    ociVersion: '1.2.0',
    id,
    status: 'stopped',
    pid: 0,
    bundle: `/run/containers/storage/overlay-containers/${id}/userdata`,
    created: '2026-11-22T04:12:07.1+01:00',
    started: '2026-11-22T04:12:08.25+01:00',
    finished: '2026-11-22T04:13:00Z',
    exitCode: 137,
    oomKilled: true,
    error: '',
    initPid: 4711,
    initStartTime: '12345',
  };
  const parse = (value: unknown): object[] => [...parseCrioState(Buffer.from(JSON.stringify(value)), place)];

  it('is read', () => {
    expect(parse(state)).to.deep.equal([
      {
        id,
        state: 'exited',
        exitCode: 137,
        outOfMemory: true,
        created: '2026-11-22T03:12:07.1Z',
        started: '2026-11-22T03:12:08.25Z',
        finished: '2026-11-22T04:13:00Z',
      },
    ]);
    const runs = {
      ...state,
      status: 'running',
      finished: '0001-01-01T00:00:00Z',
      exitCode: undefined,
      oomKilled: false,
    };
    expect(parse(runs)).to.deep.equal([
      {
        id,
        state: 'running',
        pid: 4711,
        created: '2026-11-22T03:12:07.1Z',
        started: '2026-11-22T03:12:08.25Z',
      },
    ]);
  });

  it('is none of another container, or when it is something else', () => {
    for (const value of [{ ...state, id: 'x' }, { ...state, status: 3 }, [], null, 7])
      expect(parse(value)[0]).to.have.property('malformed');
    const odd = { id, status: 'running', pid: {}, created: 7, exitCode: 'x' };
    expect(parse(odd)).to.deep.equal([{ id, state: 'running' }]);
    survivesHostileBytes((bytes) => parseCrioState(bytes, place), JSON.stringify(state));
  });
});

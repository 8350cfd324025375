import { expect } from 'chai';
import type { RunningProcess } from '../../src/artifacts/joined.ts';
import { accountingEvents, commandEvents, processEvents } from '../../src/incident/process-events.ts';
import { placeAt } from './places.ts';

const process: RunningProcess = {
  pid: 17,
  started: '2026-11-22T04:15:00.50Z',
  stat: undefined,
  status: { uids: [1000, 0, 0, 0], gids: [], namespacePids: [] },
  arguments: [Buffer.from('sh'), Buffer.from('-c'), Buffer.from('a\nb')],
  executable: Buffer.from('/tmp/sh (deleted)'),
  deleted: true,
  cgroups: [],
  container: { podUid: '9e1b4dcf-ed9c-491d-b81b-747f242e06da', containerId: 'c'.repeat(64) },
  namespaces: new Map(),
  sockets: new Set(),
};

describe('events of processes', () => {
  it('say what was started, by whom, and where', () => {
    expect([...processEvents(process, placeAt(''))]).to.deep.equal([
      {
        time: '2026-11-22T04:15:00.50Z',
        source: 'process',
        what: 'Start Time',
        dataType: 'kubectl-ir:process',
        message: 'started sh -c a\\x0ab as uid 1000, runs a deleted file',
        node: 'node-a',
        pod: 'prod/shop',
        container: 'cccccccccccc',
        pid: 17,
        path: '/tmp/sh (deleted)',
      },
    ]);
  });

  it('are none where no time is known', () => {
    const { started, ...rest } = process;
    expect(started).not.to.equal(undefined);
    expect([...processEvents(rest, placeAt(''))]).to.deep.equal([]);
    expect([...commandEvents({ command: Buffer.from('id') }, placeAt('x'))]).to.deep.equal([]);
  });

  it('have start and end of an accounted program', () => {
    const program = {
      command: Buffer.from('id'),
      pid: 7,
      ppid: 1,
      uid: 0,
      gid: 0,
      started: '2026-11-22T04:15:00Z',
      elapsed: 250,
      user: 0,
      system: 0,
      status: 9,
      flags: ['signal'],
    } as const;
    expect(
      [...accountingEvents(program, placeAt())].map(({ time, message }) => [time, message]),
    ).to.deep.equal([
      ['2026-11-22T04:15:00Z', 'started id as uid 0, child of 1'],
      ['2026-11-22T04:15:02.500Z', 'ended id with status 9, signal'],
    ]);
  });

  it('have the account of a history', () => {
    const typed = { time: '2026-11-22T04:15:00Z', command: Buffer.from('id') };
    const [event] = commandEvents(typed, placeAt('[root]/home/jo/.bash_history'));
    expect(event).to.include({ user: 'jo', message: 'typed id', dataType: 'bash:history:entry' });
  });
});

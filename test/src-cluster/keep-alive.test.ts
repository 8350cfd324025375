import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import type WebSocket from 'ws';
import { keepAlive } from '../../src/cluster/keep-alive.ts';
import { sleepFor } from '../../src/output/io.ts';
import { memoryIo } from '../support/memory-io.ts';

/** The part of a WebSocket that keep-alive touches. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  pings = 0;
  ping(): void {
    this.pings += 1;
  }
}

describe('keepAlive', () => {
  const start = (clock: () => number, paused = false) => {
    const socket = new FakeSocket();
    const over = new AbortController();
    let idle = 0;
    keepAlive(socket as unknown as WebSocket, memoryIo({ monotonic: clock }), {
      idleMs: 10,
      paused: () => paused,
      onIdle: () => {
        idle += 1;
        over.abort();
      },
      signal: over.signal,
    });
    return { socket, over, idle: () => idle };
  };

  it('pings while the server answers', async () => {
    const { socket, over, idle } = start(() => performance.now());
    socket.on('newListener', () => undefined);
    const answering = setInterval(() => socket.emit('pong'), 1);
    await sleepFor(60);
    clearInterval(answering);
    over.abort();
    expect(socket.pings).to.be.above(1);
    expect(idle()).to.equal(0);
  });

  it('reports silence once, and leaves nothing behind', async () => {
    let clock = 0;
    const { socket, idle } = start(() => (clock += 20));
    await sleepFor(50);
    expect(idle()).to.equal(1);
    expect(socket.listenerCount('message') + socket.listenerCount('pong')).to.equal(0);
  });

  it('does not count the time in which we do not read', async () => {
    const { socket, over, idle } = start(() => 0, true);
    await sleepFor(50);
    over.abort();
    expect(idle()).to.equal(0);
    expect(socket.pings).to.be.above(0);
  });
});

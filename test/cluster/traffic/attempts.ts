import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { connect, isIPv6 } from 'node:net';
import type { Attempt, Result } from './protocol.ts';

/** Makes one connection, waits for the name of whoever answers, and closes it. */
export function make(attempt: Attempt, withinMs: number): Promise<Result> {
  switch (attempt.transport) {
    case 'tcp':
      return overTcp(attempt, withinMs);
    case 'udp':
      return overUdp(attempt, withinMs);
    case 'dns':
      return askForName(attempt, withinMs);
  }
}

/** Opens a connection and keeps sending a name on it; resolves when the other side has answered. */
export async function hold(attempt: Attempt, name: string): Promise<void> {
  const line = `${name}\n`;
  if (attempt.transport === 'tcp') {
    const socket = connect(options(attempt)).on('error', () => socket.destroy());
    await new Promise((resolve) => socket.once('data', resolve));
    setInterval(() => socket.write(line), intervalMs);
    return;
  }
  const socket = createSocket(isIPv6(attempt.address) ? 'udp6' : 'udp4').on('error', () => undefined);
  setInterval(() => socket.send(line, attempt.port, attempt.address, () => undefined), intervalMs);
  await new Promise((resolve) => socket.once('message', resolve));
}

const intervalMs = 50;

function options({ address, port, from }: Attempt): { host: string; port: number; localAddress?: string } {
  return { host: address, port, ...(from === undefined ? {} : { localAddress: from }) };
}

function overTcp(attempt: Attempt, withinMs: number): Promise<Result> {
  return new Promise((resolve) => {
    const socket = connect(options(attempt));
    const settle = (result: Result): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => settle(silent), withinMs);
    socket.once('data', (data) => settle(answered(data.toString().trim())));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(failed(error)));
    socket.on('end', () => settle(failed(new Error('closed without an answer'))));
  });
}

/** Sends again while nothing answers: a datagram may get lost, and nobody sends it again for us. */
function overUdp(attempt: Attempt, withinMs: number): Promise<Result> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(attempt.address) ? 'udp6' : 'udp4');
    const settle = (result: Result): void => {
      clearTimeout(timer);
      clearInterval(sending);
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(() => settle(silent), withinMs);
    const sending = setInterval(() => socket.send('', () => undefined), 200);
    socket.once('message', (message) => settle(answered(message.toString())));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(failed(error)));
    socket.bind({ address: attempt.from }, () => {
      socket.connect(attempt.port, attempt.address, () => socket.send('', () => undefined));
    });
  });
}

async function askForName({ address, port }: Attempt, withinMs: number): Promise<Result> {
  const resolver = new Resolver({ timeout: withinMs, tries: 1 });
  resolver.setServers([isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`]);
  try {
    return answered((await resolver.resolve4('kubernetes.default.svc.cluster.local')).join(' '));
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    return failure.code === 'ETIMEOUT' ? silent : failed(failure);
  }
}

const silent: Result = { outcome: 'silent', text: 'no answer' };

function answered(text: string): Result {
  return { outcome: 'answered', text };
}

function failed(error: NodeJS.ErrnoException): Result {
  return { outcome: error.code === 'ECONNREFUSED' ? 'refused' : 'failed', text: error.message };
}

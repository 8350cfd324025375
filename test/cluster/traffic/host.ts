import { createSocket } from 'node:dgram';
import { createServer, isIPv6, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { processIo, writeLine } from '../../../src/output/io.ts';
import { hold, make } from './attempts.ts';
import { ports, type Reply, type Request } from './protocol.ts';

/**
 * `host.ts NAME ADDRESS…`: one host of a traffic test, run in the network namespace that it stands for. It serves all
 * `ports` on its addresses, and does what is asked of it on stdin, one JSON object a line, answering on stdout.
 */
const io = processIo();
const [name = '', ...addresses] = process.argv.slice(2);
const bytes: Record<string, number> = {};
const connected: Record<string, { first: number; last: number }> = {};

for (const address of addresses) {
  for (const port of ports) {
    await new Promise<void>((resolve, reject) => {
      createServer(welcome).once('error', reject).listen(port, address, resolve);
    });
    await new Promise<void>((resolve, reject) => {
      const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
      socket.once('error', reject).bind(port, address, resolve);
      socket.on('message', (message, from) => {
        note(message.toString().trim());
        socket.send(name, from.port, from.address, () => undefined);
      });
    });
  }
}
await reply({ id: 0 });
for await (const line of createInterface({ input: io.stdin })) {
  void serve(JSON.parse(line) as Request).then(reply);
}
// Whoever asks is gone: flows and servers would keep the process.
process.exit();

async function serve(request: Request): Promise<Reply> {
  const { id } = request;
  switch (request.do) {
    case 'try':
      return { id, result: await make(request.attempt, request.withinMs) };
    case 'flow':
      await hold(request.attempt, request.name);
      return { id };
    case 'count':
      return { id, arrived: { bytes, connected } };
  }
}

function reply(value: Reply): Promise<void> {
  return writeLine(io.stdout, JSON.stringify(value));
}

function welcome(socket: Socket): void {
  const now = io.now().getTime();
  const address = socket.remoteAddress ?? '';
  connected[address] = { first: connected[address]?.first ?? now, last: now };
  socket.on('error', () => socket.destroy());
  createInterface({ input: socket }).on('line', note);
  socket.write(`${name}\n`);
}

/** Counts what came by the name of the flow, which is all that a flow carries. */
function note(line: string): void {
  if (line !== '') bytes[line] = (bytes[line] ?? 0) + line.length + 1;
}

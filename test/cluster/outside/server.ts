import { createSocket } from 'node:dgram';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, isIPv6 } from 'node:net';
import { processIo } from '../../../src/output/io.ts';
import { outside, planNodes } from '../layout.ts';
import { metadata } from './metadata.ts';

/**
 * All that answers in the namespace that plays the outside, as one process: every address on port 80 says over HTTP
 * who asked whom, that of the metadata service as a cloud does; the command-and-control server sends back what it gets.
 */
const io = processIo();
createHttpServer(answer).listen(80, '::');
for (const port of outside.c2.ports) {
  createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  }).listen(port, '::');
  for (const address of [outside.c2.address, outside.c2.address6]) {
    // Bound to its address: a datagram from a socket bound to none would leave under that of the gateway.
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.on('message', (message, from) => socket.send(message, from.port, from.address, () => undefined));
    socket.bind(port, address);
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { method = '', url: path = '', headers, socket } = request;
  const [server, client] = [plain(socket.localAddress), plain(socket.remoteAddress)];
  request.resume();
  if (server !== outside.metadata && server !== outside.metadata6) {
    response.end(`${JSON.stringify({ server, client })}\n`);
    return;
  }
  const node = planNodes(4).find((each) => [each.address, each.address6].includes(client));
  const { name, address } = node ?? { name: 'outside', address: client };
  const { status, body } = metadata({ method, path, headers, node: { name, address }, now: io.now() });
  response.writeHead(status, { server: 'EC2ws', 'content-type': 'text/plain' }).end(body);
}

/** An address without the `::ffff:` that a socket of both families puts before one of IPv4. */
function plain(address = ''): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}

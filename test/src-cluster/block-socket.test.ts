import { createHash, randomBytes } from 'node:crypto';
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { expect } from 'chai';
import { BlockSocket } from '../../src/cluster/block-socket.ts';
import { sleepFor } from '../../src/output/io.ts';
import { tlsFixture } from '../fake-api/fake-api.ts';

for (const secure of [false, true]) {
  describe(`BlockSocket over ${secure ? 'TLS' : 'TCP'}`, () => {
    let server: net.Server;
    let serve: (socket: Socket) => void;
    beforeEach(async () => {
      const onConnection = (socket: Socket): void => {
        socket.on('error', () => undefined);
        serve(socket);
      };
      server = secure
        ? tls.createServer({ key: tlsFixture('server.key'), cert: tlsFixture('server.crt') }, onConnection)
        : net.createServer(onConnection);
      await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    });
    afterEach(() => server.close());

    const open = async (): Promise<BlockSocket> => {
      const { port } = server.address() as AddressInfo;
      const socket = new BlockSocket((reading) =>
        secure
          ? tls.connect({ host: 'localhost', port, ca: tlsFixture('ca.crt'), ...reading })
          : net.connect({ host: 'localhost', port, ...reading }),
      );
      await once(socket.inner, secure ? 'secureConnect' : 'connect');
      return socket.attach();
    };

    it('gives all bytes in order, and holds the sender back while nobody reads', async () => {
      const data = randomBytes(24 * 1024 * 1024);
      let sent = 0;
      serve = (socket) => {
        const next = (): void => {
          if (sent === data.length) socket.end();
          else socket.write(data.subarray(sent, (sent += 65536)), next);
        };
        next();
      };
      const socket = await open();
      const hash = createHash('sha256');
      let first = true;
      for await (const block of socket as AsyncIterable<Buffer>) {
        hash.update(block);
        if (first) await sleepFor(200);
        if (first) expect(sent).to.be.below(16 * 1024 * 1024);
        first = false;
      }
      expect(hash.digest('hex')).to.equal(createHash('sha256').update(data).digest('hex'));
    });

    it('sends, and ends both ways', async () => {
      serve = (socket) => socket.pipe(socket);
      const socket = await open();
      socket.cork();
      socket.write('one ');
      socket.write('two ');
      socket.uncork();
      socket.end('three');
      expect(await text(socket)).to.equal('one two three');
    });

    it('delivers what came before the connection broke, then ends', async () => {
      serve = (socket) => {
        socket.write('abc', () => void sleepFor(20).then(() => socket.destroy()));
      };
      const socket = await open();
      await sleepFor(60);
      socket.write('into the void');
      await sleepFor(20);
      expect(await text(socket)).to.equal('abc');
    });

    it('lets the socket go when it is destroyed', async () => {
      const gone = new Promise<void>((resolve) => {
        serve = (socket) => {
          socket.write('abc');
          socket.once('close', () => resolve());
        };
      });
      const socket = await open();
      await once(socket, 'data');
      socket.destroy();
      await gone;
    });

    it('tells of a silence', async () => {
      serve = () => undefined;
      const socket = await open();
      await new Promise<void>((resolve) => socket.setTimeout(20, resolve));
      socket.destroy();
    });
  });
}

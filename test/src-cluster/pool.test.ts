import net from 'node:net';
import { expect } from 'chai';
import { Pool } from '../../src/cluster/pool.ts';
import { startFakeApi } from '../fake-api/fake-api.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';
import { failureOf } from '../support/failure.ts';

describe('Pool', () => {
  let fake: FakeApi;
  let opened: number;
  let pool: Pool;
  beforeEach(async () => {
    fake = await startFakeApi();
    opened = 0;
    const { hostname, port } = new URL(fake.url);
    const open = () => {
      opened += 1;
      return Promise.resolve(net.connect(Number(port), hostname));
    };
    pool = new Pool({ open });
  });
  afterEach(async () => {
    await pool.close();
    await fake.close();
  });

  const request = () => pool.request({ origin: fake.url, path: '/version', method: 'GET' });

  it('shares a bounded number of connections', async () => {
    await Promise.all(Array.from({ length: 100 }, async () => (await request()).body.dump()));
    expect(opened).to.be.at.most(16);
    expect(fake.requests).to.have.length(100);
  });

  it('opens connections side by side, also over TLS', async () => {
    let meet: () => void = () => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    const { hostname, port } = new URL(fake.url);
    const open = async () => {
      opened += 1;
      if (opened === 3) meet();
      await met;
      return net.connect(Number(port), hostname);
    };
    const secure = new Pool({ open });
    const ask = () =>
      secure.request({ origin: `https://${hostname}:${port}`, path: '/version', method: 'GET' });
    await Promise.all([ask(), ask(), ask()].map(async (answer) => (await answer).body.dump()));
    await secure.close();
    expect(opened).to.equal(3);
  });

  it('opens new connections after a renewal, and lets the old ones end', async () => {
    const before = await request();
    pool.renew();
    await (await request()).body.dump();
    expect(opened).to.equal(2);
    expect(await before.body.json()).to.have.property('major');
  });

  it('takes a request that is made while it is renewed', async () => {
    await (await request()).body.dump();
    for (let turns = 0; turns < 12; turns += 1) {
      const asked = request();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      pool.renew();
      await (await asked).body.dump();
    }
    expect(fake.requests).to.have.length(13);
  });

  it('cuts what is under way when it is closed', async () => {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined).write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const slow = new Pool({ open: () => Promise.resolve(net.connect(port, '127.0.0.1')) });
    const answer = await slow.request({ origin: `http://127.0.0.1:${port}`, path: '/', method: 'GET' });
    const body = failureOf(answer.body.text());
    await slow.close();
    expect(await body).to.be.instanceOf(Error);
    server.close();
  });

  it('gives the error of the connector', async () => {
    const broken = new Pool({ open: () => Promise.reject(new Error('no way')) });
    const asked = broken.request({ origin: fake.url, path: '/version', method: 'GET' });
    expect((await failureOf(asked)).message).to.equal('no way');
    await broken.close();
  });
});

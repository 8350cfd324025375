import { connect } from '../../../src/cluster/connect.ts';
import { processIo } from '../../../src/output/io.ts';
import type { Outcome } from '../../cluster/run.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { kubectlIr } from './world.ts';

/** Runs `kubectl ir` over a network that is cut so many milliseconds after the start: every connection ends, no new one is made. */
export async function cutOff(args: readonly string[], afterMs: number): Promise<Outcome> {
  const io = processIo();
  const api = await connect(io, {});
  const url = new URL(api.server);
  await api.close();
  const never = { afterBytes: Infinity, reset: false };
  const proxy = await startCuttingProxy(url.hostname, Number(url.port || 443), never);
  const server = `${url.protocol}//127.0.0.1:${proxy.port}${url.pathname}`;
  const running = kubectlIr([...args, '--server', server, '--tls-server-name', url.hostname]);
  await Promise.race([running, io.sleep(afterMs)]);
  await proxy.close();
  return running;
}

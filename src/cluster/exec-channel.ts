/**
 * Framing of remote commands over WebSocket (k8s.io/apimachinery pkg/util/remotecommand, k8s.io/client-go tools/remotecommand):
 * binary messages whose first byte is the channel. v5 differs from v4 by the close signal, the only way to half-close stdin.
 */
export const execProtocols = { v5: 'v5.channel.k8s.io', v4: 'v4.channel.k8s.io' } as const;

export const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

/** As kubectl's: what the API server reads at once. */
const inputFrame = 32 * 1024;

/** Cuts input into messages for stdin. */
export function* inputFrames(data: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < data.length; at += inputFrame) {
    const piece = data.subarray(at, at + inputFrame);
    const frame = Buffer.allocUnsafe(piece.length + 1);
    frame[0] = channel.stdin;
    frame.set(piece, 1);
    yield frame;
  }
}

/** The message of v5 that ends a channel. */
export function closeFrame(ended: number): Buffer {
  return Buffer.from([channel.close, ended]);
}

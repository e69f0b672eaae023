import assert from "node:assert/strict";
import type { SocketAddress } from "../../../src/address/endpoint.ts";
import type { Clock } from "../../../src/socket/clock.ts";
import type { Socket, Sockets } from "../../../src/socket/socket.ts";

/** Two ends of a network for one test, whoever makes the sockets. */
export interface Net {
  readonly server: Sockets;
  readonly client: Sockets;
  /** The server's address. */
  readonly at: string;
  /** A broadcast address that the client reaches. */
  readonly broadcast: string;
  readonly clock: Clock;
  /** Covers both ends of a connection with something that is to behave as a connection does. */
  readonly cover?: (client: Socket, server: Socket) => Promise<[Socket, Socket]>;
}

/** One of the two makers. */
export interface World {
  readonly name: string;
  readonly virtual: boolean;
  /** Runs a test's body as the programs of a new network, to its end. */
  run(body: (net: Net) => Promise<void>): Promise<void>;
}

export async function listening(net: Net, backlog?: number): Promise<{ listener: Socket; name: SocketAddress }> {
  const listener = net.server.socket("inet", "stream");
  await listener.bind({ address: net.at, port: 0 });
  await listener.listen(backlog);
  return { listener, name: listener.getsockname() };
}

/** A connection and the socket it was accepted from. */
export async function connected(net: Net): Promise<{ client: Socket; server: Socket; listener: Socket }> {
  const { listener, name } = await listening(net);
  const client = net.client.socket("inet", "stream");
  const [server] = await Promise.all([listener.accept(), client.connect(name)]);
  const [covered, coveredServer] = (await net.cover?.(client, server)) ?? [client, server];
  return { client: covered, server: coveredServer, listener };
}

export const closeAll = async (...sockets: Socket[]): Promise<void> => {
  await Promise.all(sockets.map((socket) => socket.close()));
};

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (data: Uint8Array): string => new TextDecoder().decode(data);

/** Bytes that tell where in a stream they belong. */
export function pattern(from: number, length: number, salt = 0): Uint8Array {
  const data = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const at = from + i + salt;
    data[i] = at ^ (at >>> 8) ^ (at >>> 16);
  }
  return data;
}

/** Refused with one of these errnos, which a call rejects with or throws. */
export async function refused(work: () => unknown, ...codes: string[]): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = (error as { code?: string }).code;
    assert.ok(codes.includes(code ?? ""), `expected ${codes.join(" or ")}, not ${String(error)}`);
    assert.equal((error as Error).name, "SocketError");
    return;
  }
  assert.fail(`expected ${codes.join(" or ")}, but it was not refused`);
}

/** Reads until the end of a stream. */
export async function readAll(socket: Socket, piece = 65_536): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await socket.recv(piece);
    if (chunk.length === 0) return Buffer.concat(chunks);
    chunks.push(chunk);
  }
}

/** Resolves when a socket's readiness is as asked. */
export function whenReady(socket: Socket, is: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!is()) return;
      socket.onReady = undefined;
      resolve();
    };
    socket.onReady = look;
    look();
  });
}

import { createServer, type Server, type Socket } from "node:net";
import type { SocketAddress } from "../../address/endpoint.ts";
import { STREAMS_LIMIT, type StreamDoor, type StreamOutside, TRANSIT_LIMIT } from "../../network/doors/stream-door.ts";
import type { PublishedPort } from "./publish.ts";

/** Node reads at most so much of a stream at once. */
const READ_PIECE = 64 * 1024;
/** Bytes that have gone to a client are told to the network in pieces of at least so many. */
const DRAINED_PIECE = TRANSIT_LIMIT / 4;
/**
 * Inputs that were refused, because too many wait in the network, from which on new clients are reset. While any is left no
 * client is read, so those who are there add a few more at most.
 */
export const UNSAID_LIMIT = 256;
/** Wall milliseconds after which an input that found too many others waiting is tried again. */
const RETRY_AFTER = 1;

// Taken when the module is loaded, so that a test with false timers does not stop the doors.
const { setTimeout, setImmediate } = globalThis;

interface Client {
  readonly number: number;
  readonly socket: Socket;
  /** Bytes read that the virtual side has not taken. */
  inTransit: number;
  /** Bytes written that the door has not been told of. */
  drained: number;
  clientEnded: boolean;
  networkEnded: boolean;
}

/** The real half of a published TCP port. */
export async function publishStreams(door: StreamDoor, real: SocketAddress): Promise<PublishedPort<StreamDoor>> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: real.address, port: real.port, exclusive: true }, resolve);
  });
  return new PublishedStreams(door, server);
}

class PublishedStreams implements PublishedPort<StreamDoor>, StreamOutside {
  readonly at: SocketAddress;
  #door: StreamDoor;
  readonly #server: Server;
  readonly #clients = new Map<number, Client>();
  /** Inputs that were refused, and those after them. */
  readonly #unsaid: (() => boolean)[] = [];
  #last = 0;

  constructor(door: StreamDoor, server: Server) {
    const { address, port } = server.address() as { address: string; port: number };
    this.at = { address, port };
    this.#door = door;
    this.#server = server;
    this.join(door);
    server.on("connection", (socket) => this.#come(socket));
    // Such as no more file descriptors: who cannot be accepted waits in the system's queue.
    server.removeAllListeners("error").on("error", () => {});
  }

  join(door: StreamDoor): void {
    if (this.#door.outside === this) this.#door.outside = undefined;
    for (const { socket } of this.#clients.values()) socket.resetAndDestroy();
    this.#clients.clear();
    this.#unsaid.length = 0;
    this.#door = door;
    door.outside = this;
    for (const { number } of door.snapshot().clients) this.#say(() => door.reset(number));
  }

  taken(number: number, count: number): void {
    const client = this.#clients.get(number);
    if (client === undefined) return;
    client.inTransit -= count;
    this.#readOrPause(client);
  }

  data(number: number, bytes: Uint8Array): void {
    const client = this.#clients.get(number);
    if (client === undefined) return;
    // A segment's worth comes at a time: what comes until the network pauses goes in one piece.
    if (client.socket.writableCorked === 0) {
      client.socket.cork();
      setImmediate(() => client.socket.uncork());
    }
    client.socket.write(bytes, (error) => {
      if (error == null) this.#drained(client, bytes.length);
    });
  }

  end(number: number): void {
    const client = this.#clients.get(number);
    if (client === undefined) return;
    client.networkEnded = true;
    client.socket.end();
  }

  reset(number: number): void {
    const client = this.#clients.get(number);
    this.#clients.delete(number);
    client?.socket.resetAndDestroy();
  }

  close(): void {
    if (this.#door.outside === this) this.#door.outside = undefined;
    this.#server.close();
    for (const { number, socket } of this.#clients.values()) {
      this.#door.reset(number);
      socket.destroySoon();
    }
    this.#clients.clear();
  }

  #come(socket: Socket): void {
    socket.on("error", () => {}); // told by "close"
    const tooMany = this.#clients.size >= STREAMS_LIMIT || this.#unsaid.length >= UNSAID_LIMIT;
    if (tooMany || socket.remoteAddress === undefined) {
      socket.resetAndDestroy();
      return;
    }
    const number = ++this.#last;
    const client = { number, socket, inTransit: 0, drained: 0, clientEnded: false, networkEnded: false };
    this.#clients.set(number, client);
    const name = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#say(() => this.#door.open(number, name));
    socket.on("data", (bytes: Buffer) => this.#read(client, bytes));
    socket.on("end", () => {
      if (!this.#clients.has(number)) return;
      client.clientEnded = true;
      this.#say(() => this.#door.end(number));
    });
    socket.on("close", (failed) => this.#gone(client, failed));
  }

  #read(client: Client, bytes: Uint8Array): void {
    if (!this.#clients.has(client.number)) return;
    client.inTransit += bytes.length;
    this.#say(() => this.#door.data(client.number, bytes));
    this.#readOrPause(client);
  }

  #readOrPause({ socket, inTransit }: Client): void {
    const hasRoom = this.#unsaid.length === 0 && inTransit + READ_PIECE <= TRANSIT_LIMIT;
    if (hasRoom !== socket.isPaused()) return;
    if (hasRoom) socket.resume();
    else socket.pause();
  }

  #drained(client: Client, count: number): void {
    if (!this.#clients.has(client.number)) return;
    client.drained += count;
    if (client.drained < DRAINED_PIECE) return;
    const { drained, number } = client;
    client.drained = 0;
    this.#say(() => this.#door.drained(number, drained));
  }

  #gone(client: Client, failed: boolean): void {
    // The network has reset it, or the port is published no more.
    if (!this.#clients.delete(client.number)) return;
    if (failed || !client.clientEnded || !client.networkEnded) this.#say(() => this.#door.reset(client.number));
  }

  /** Brings an input in. Those that are refused come later, in their order. */
  #say(input: () => boolean): void {
    if (this.#unsaid.length === 0 && input()) return;
    if (this.#unsaid.push(input) === 1) setTimeout(() => this.#retry(), RETRY_AFTER);
  }

  #retry(): void {
    if (this.#door.outside !== this) return;
    while (this.#unsaid[0]?.()) this.#unsaid.shift();
    if (this.#unsaid.length > 0) setTimeout(() => this.#retry(), RETRY_AFTER);
    else for (const client of this.#clients.values()) this.#readOrPause(client);
  }
}

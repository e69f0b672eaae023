/** Connections between a socket of ours and one of another stack. */
import assert from "node:assert/strict";
import type { ProgramContext } from "../../src/application/program.ts";
import { type Socket, SocketError } from "../../src/socket/socket.ts";
import { listenTcp } from "../../src/socket/tcp.ts";
import { FarError, type FarOptions, type FarSocket, type FarSockets } from "./far.ts";
import { receive, received, sendAll } from "./ground.ts";
import { OUR_PORTS, THEIR_PORTS, type World } from "./worlds.ts";

/** Both ends of one connection. */
export interface Pair {
  readonly ours: Socket;
  readonly theirs: FarSocket;
}

export interface PairOptions {
  /** Of the far socket, from before it connects or listens. */
  readonly far?: FarOptions;
  /** Bytes of our receive buffer, from before we connect or listen. */
  readonly buffer?: number;
}

/** Which end opens a connection. */
export type Opener = "we" | "they";
export const OPENERS: readonly Opener[] = ["we", "they"];

/** A program on our host, with the far stack's sockets beside its own. */
export class Stage {
  readonly world: World;
  readonly context: ProgramContext;
  readonly far: FarSockets;

  constructor(world: World, context: ProgramContext) {
    this.world = world;
    this.context = context;
    this.far = world.far.sockets(context.work);
  }

  /** Opens a connection. */
  async pair(opener: Opener, options: PairOptions = {}): Promise<Pair> {
    return opener === "we" ? this.#weOpen(options) : this.#theyOpen(options);
  }

  async #weOpen({ far = {}, buffer }: PairOptions): Promise<Pair> {
    const listener = await this.far.listen(THEIR_PORTS.listener, far);
    const ours = this.context.sockets.socket("inet", "stream");
    if (buffer !== undefined) ours.setsockopt("SO_RCVBUF", buffer);
    await ours.connect({ address: this.world.them, port: THEIR_PORTS.listener });
    const theirs = await this.far.accept(listener);
    await listener.close();
    return { ours, theirs };
  }

  async #theyOpen({ far = {}, buffer }: PairOptions): Promise<Pair> {
    const { sockets } = this.context;
    const listener = await listenTcp(sockets, { address: "0.0.0.0", port: OUR_PORTS.listener });
    if (buffer !== undefined) listener.setsockopt("SO_RCVBUF", buffer);
    const accepted = listener.accept();
    const theirs = await this.far.connect(this.world.us, OUR_PORTS.listener, far);
    if (this.world.speaksFirst) await theirs.send("!");
    const ours = await accepted;
    if (this.world.speaksFirst) await ours.recv(1);
    await listener.close();
    return { ours, theirs };
  }
}

/** Plays a scene on our host. */
export function stage(world: World, scene: (stage: Stage) => Promise<void>): Promise<void> {
  return world.ground.play((context) => scene(new Stage(world, context)));
}

/** The errno that ends a call of either end; undefined when it does not fail. */
export async function errnoOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof SocketError || error instanceof FarError) return error.code;
    throw error;
  }
}

/** What comes next, as text. */
export async function hear(socket: Socket): Promise<string> {
  return new TextDecoder().decode(await socket.recv(65_536));
}

export async function say(socket: Socket, text: string): Promise<void> {
  await socket.send(new TextEncoder().encode(text));
}

/**
 * Sends as much each way at once and checks what arrives. Neither end closes its half before it has all: passt of 2023 sends
 * without end to one that has.
 * @param file with the data @param again so many times more
 */
export async function exchange({ ours, theirs }: Pair, data: Uint8Array, file: string, again = 0): Promise<void> {
  const expected = received(data, again);
  const sending = theirs.sendFile(file, again).then(() => theirs.shutdown());
  const [here, there] = await Promise.all([
    receive(ours),
    theirs.drain(expected.count),
    sendAll(ours, data, again),
    sending,
  ]);
  assert.deepEqual(here, expected);
  assert.deepEqual(there, expected);
  await ours.shutdown("write");
  assert.equal(await theirs.recv(), "");
}

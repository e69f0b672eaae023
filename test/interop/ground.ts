/** A host of ours in this process, in real time, whose one cable leads to another stack. */
import { createHash, randomBytes } from "node:crypto";
import type { Program, ProgramContext } from "../../src/application/program.ts";
import type { Host } from "../../src/device/host.ts";
import type { Cable } from "../../src/link/cable.ts";
import { type ConditionsWritten, conditionsOf } from "../../src/network/conditions.ts";
import type { FrameDoor } from "../../src/network/doors/frame-door.ts";
import { Network } from "../../src/network/network.ts";
import type { RunLoop } from "../../src/network/run.ts";
import type { Socket } from "../../src/socket/socket.ts";
import { chunks, writeAll } from "../../src/socket/tcp.ts";
import { milliseconds } from "../../src/time/instant.ts";
import type { TcpSettings } from "../../src/transport/tcp/settings.ts";
import { captureOf } from "../support/capture.ts";
import { runLoopOf } from "../support/run-loop.ts";
import type { Received } from "./far.ts";

export class Ground {
  readonly network: Network;
  readonly host: Host;
  readonly door: FrameDoor;
  readonly cable: Cable;
  readonly address: string;
  readonly #loop: RunLoop;
  readonly #run: Promise<unknown>;

  /**
   * @param address with its prefix length
   * @param gateway if there is one
   * @param tcp settings beside that retransmissions are slower than usual: they tell of the cable and not of a busy machine
   */
  constructor(address: string, gateway?: string, tcp: Partial<TcpSettings> = {}) {
    this.network = new Network({ tcp: { minimumRto: milliseconds(400), ...tcp } });
    const { network } = this;
    this.address = address.split("/")[0] as string;
    this.host = network.host("ours", { address, ...(gateway === undefined ? {} : { gateway }) });
    this.door = network.frameDoor("door");
    this.cable = network.cable(this.host, this.door);
    this.#loop = runLoopOf(network, { speed: 1, isOpen: () => true });
    this.#run = this.#loop.run();
    this.#run.catch(() => {}); // whoever plays is told
  }

  /** Waits until somebody is at the other end of the cable. */
  async ready(): Promise<void> {
    await this.#loop.watch(() => this.cable.a.carrier);
  }

  /** Runs a function as a program on our host, to its end. */
  async play(main: (context: ProgramContext) => Promise<void>): Promise<void> {
    const program: Program = {
      name: main.name || "test",
      summary: "",
      parameters: {},
      messages: {},
      run: main,
    };
    const running = this.network.start(this.host, program);
    this.#loop.wake();
    const died = this.#run.then(() => Promise.reject(new Error("the network has come to its end")));
    await Promise.race([running.ended, died]);
    if (running.state === "failed") throw running.error;
  }

  /** Changes the cable while something is done. */
  async under<T>(conditions: ConditionsWritten, what: () => Promise<T>): Promise<T> {
    const before = this.cable.directions[0].conditions;
    this.cable.setConditions("both", conditionsOf(conditions));
    try {
      return await what();
    } finally {
      this.cable.setConditions("both", before);
    }
  }

  /** Captures what our own Nic sees from now on. @returns what ends the capture and gives the file */
  capture(): () => Uint8Array {
    return captureOf(this.network, [this.cable.a]);
  }

  async close(): Promise<void> {
    this.#loop.stop();
    await this.#run;
  }
}

/** Bytes by chance, as text: in any others tshark finds protocols. */
export function randomText(length: number): Uint8Array {
  return Buffer.from(randomBytes(length / 2).toString("hex"));
}

/** Receives to the end. */
export async function receive(socket: Socket): Promise<Received> {
  const hash = createHash("sha256");
  let count = 0;
  for await (const piece of chunks(socket)) {
    hash.update(piece);
    count += piece.length;
  }
  return { count, hash: hash.digest("hex") };
}

/** Sends all, once and so many times again. */
export async function sendAll(socket: Socket, data: Uint8Array, again = 0): Promise<void> {
  for (let time = 0; time <= again; time++) await writeAll(socket, data);
}

/** What has arrived when all has that {@link sendAll} sends. */
export function received(data: Uint8Array, again = 0): Received {
  const hash = createHash("sha256");
  for (let time = 0; time <= again; time++) hash.update(data);
  return { count: data.length * (1 + again), hash: hash.digest("hex") };
}

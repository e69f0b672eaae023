import type { ProgramContext, SocketAddress } from "netarium";
import { milliseconds } from "netarium";
import { connectTcp, type Socket } from "netarium/socket";

/** Sends lines to a collector, and connects again when the connection is lost. It has a bug: can you see it? */
export class Reporter {
  readonly #context: ProgramContext;
  readonly #collector: SocketAddress;
  readonly #waiting: string[] = [];
  #count = 0;

  constructor(context: ProgramContext, collector: SocketAddress) {
    this.#context = context;
    this.#collector = collector;
  }

  report(text: string): void {
    this.#waiting.push(`${++this.#count} ${text}\n`);
  }

  async run(): Promise<void> {
    for (;;) {
      let socket: Socket | undefined;
      try {
        socket = await connectTcp(this.#context.sockets, this.#collector);
        await this.#send(socket);
      } catch {
        await socket?.close();
        await this.#context.clock.sleep(milliseconds(500));
      }
    }
  }

  async #send(socket: Socket): Promise<void> {
    for (;;) {
      const line = this.#waiting[0];
      if (line === undefined) await this.#context.clock.sleep(milliseconds(10));
      else {
        await socket.send(new TextEncoder().encode(line));
        this.#waiting.shift();
      }
    }
  }
}

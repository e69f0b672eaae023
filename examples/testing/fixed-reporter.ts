import type { ProgramContext, SocketAddress } from "netarium";
import { milliseconds } from "netarium";
import { chunks, connectTcp, type Socket } from "netarium/socket";

/**
 * The reporter without its bug. What `send` has taken may still be lost with the connection, so a line is kept until the
 * collector has confirmed it, and what is not confirmed is sent again on the next connection.
 */
export class FixedReporter {
  readonly #context: ProgramContext;
  readonly #collector: SocketAddress;
  /** Sent or not, and not confirmed. */
  readonly #kept = new Map<number, string>();
  #count = 0;

  constructor(context: ProgramContext, collector: SocketAddress) {
    this.#context = context;
    this.#collector = collector;
  }

  report(text: string): void {
    this.#kept.set(++this.#count, `${this.#count} ${text}\n`);
  }

  async run(): Promise<void> {
    for (;;) {
      let socket: Socket | undefined;
      try {
        socket = await connectTcp(this.#context.sockets, this.#collector);
        await Promise.all([this.#send(socket), this.#confirm(socket)]);
      } catch {
        await socket?.close();
        await this.#context.clock.sleep(milliseconds(500));
      }
    }
  }

  async #send(socket: Socket): Promise<void> {
    for (let sent = 0; ; await this.#context.clock.sleep(milliseconds(10))) {
      for (const [number, line] of this.#kept) {
        if (number <= sent) continue;
        await socket.send(new TextEncoder().encode(line));
        sent = number;
      }
    }
  }

  async #confirm(socket: Socket): Promise<void> {
    let rest = "";
    for await (const chunk of chunks(socket)) {
      const numbers = (rest + new TextDecoder().decode(chunk)).split("\n");
      rest = numbers.pop() ?? "";
      for (const number of numbers) this.#kept.delete(Number(number));
    }
    throw new Error("the collector has closed");
  }
}

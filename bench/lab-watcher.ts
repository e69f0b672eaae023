import { once } from "node:events";
import { WebSocket } from "ws";
import type { EngineState, FromEngine, Method, Methods, Push } from "../src/engine/protocol/index.ts";

/** A watcher beside the page: it steers what is measured, and counts what the page is given to draw. */
export class LabWatcher {
  state: EngineState | undefined;
  onTraffic: (push: Extract<Push, { type: "traffic" }>) => void = () => {};
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: FromEngine) => void>();
  #ids = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** @param url of the lab, with its token */
  static async open(url: string): Promise<LabWatcher> {
    const { origin, host, hash } = new URL(url);
    const socket = new WebSocket(`ws://${host}/engine`, { origin, perMessageDeflate: false });
    const watcher = new LabWatcher(socket);
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "hello", version: 1, token: hash.slice("#token=".length) }));
    const welcomed = once(socket, "message");
    socket.on("message", (data) => watcher.#take(JSON.parse(`${data}`) as FromEngine));
    await welcomed;
    return watcher;
  }

  async request<M extends Method>(method: M, params: Methods[M]["params"]): Promise<Methods[M]["result"]> {
    const id = ++this.#ids;
    const answered = new Promise<FromEngine>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ type: "request", id, method, params }));
    const answer = await answered;
    if (answer.type !== "result") throw new Error(`${method}: ${JSON.stringify(answer)}`);
    return answer.result as Methods[M]["result"];
  }

  close(): void {
    this.#socket.terminate();
  }

  #take(message: FromEngine): void {
    if (message.type === "state" || message.type === "welcome") this.state = message.state;
    else if (message.type === "traffic") this.onTraffic(message);
    else if (message.type === "result" || message.type === "failure") {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    }
  }
}

import { RowPages } from "../lab/packets/list/row-pages.ts";
import type { Heard, WatcherChannel } from "../src/engine/channel.ts";
import type { Engine } from "../src/engine/engine.ts";
import { type FromEngine, type Method, type Methods, PROTOCOL_VERSION } from "../src/engine/protocol/index.ts";
import type { Network } from "../src/network/network.ts";
import type { Platform } from "../src/network/platform.ts";
import { readMessage } from "../src/platform/lab/messages.ts";

/** As the canvas asks (lab/canvas/packet-layer.tsx). */
const CROSSINGS = 500;
/** Rows of the list that are in sight or near it, at 1440 × 900. */
const ROWS_SHOWN = 40;
/** Bars of the time line, and wall milliseconds between two questions for them (lab/time/use-histogram.ts). */
const SLICES = 160;
const HISTOGRAM_EVERY = 500;
/** Wall milliseconds between two looks at how everything stands (lab/host/snapshot.ts). */
const SNAPSHOT_EVERY = 1000;

const encoder = new TextEncoder();

/**
 * Asks what the lab's page asks with its canvas, packets, time line and a device open, as often as it does, in the same process:
 * messages become text and octets as on a socket, and what they are answered is read, but nothing is drawn.
 */
export class PageWatcher implements WatcherChannel {
  onMessage: (message: Heard) => void = () => {};
  onClose: () => void = () => {};
  readonly buffered = 0;
  /** Octets that the page was sent. */
  sent = 0;
  /** Frames of the list of packets that were gone through. */
  examined = 0;
  readonly network: Network;
  readonly #platform: Platform;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  readonly #rows: RowPages;
  #view = -1;
  #matched = 0;
  /** What it was told last: how many frames were gone through since the list began anew, and how often it had. */
  #examined = 0;
  #renewed = 0;
  #now = 0;
  #ids = 0;

  constructor(engine: Engine, platform: Platform) {
    this.#platform = platform;
    this.network = engine.course.network;
    this.#rows = new RowPages(
      (from, count) => this.#request("packets.rows", { view: this.#view, from, count }),
      () => this.#wantRows(),
    );
    engine.admit(this, { type: "hello", version: PROTOCOL_VERSION });
    void this.#begin();
  }

  send(message: FromEngine): void {
    this.sent += encoder.encode(JSON.stringify(message)).length;
    if (message.type === "result") {
      this.#waiting.get(message.id)?.(message.result);
      this.#waiting.delete(message.id);
    } else if (message.type === "failure") throw new Error(message.error.text);
    else if (message.type === "state") this.#now = message.state.now;
    else if (message.type === "view") {
      const { matched, examined, renewed = 0 } = message.state;
      this.#matched = matched;
      // A list that cannot follow, or has very many frames, begins anew.
      this.examined += renewed === this.#renewed ? examined - this.#examined : examined;
      if (renewed !== this.#renewed) this.#rows.clear();
      this.#examined = examined;
      this.#renewed = renewed;
      this.#wantRows();
    }
  }

  close(): void {}

  async #begin(): Promise<void> {
    await this.#request("traffic.watch", { crossings: CROSSINGS });
    await this.#request("log.lines", { from: 0, count: 500 });
    await this.#request("terminal.list", {});
    this.#view = (await this.#request("packets.open", { vantage: { kind: "cables" }, filter: "" })).view;
    void this.#again(HISTOGRAM_EVERY, () => {
      const to = Math.max(this.#now, 1e9);
      return this.#request("traffic.histogram", { from: 0, to, slices: SLICES });
    });
    void this.#again(SNAPSHOT_EVERY, () => this.#request("snapshot", {}));
  }

  /** The list follows what comes. */
  #wantRows(): void {
    this.#rows.want(Math.max(0, this.#matched - ROWS_SHOWN), this.#matched, this.#matched);
  }

  async #again(milliseconds: number, ask: () => Promise<unknown>): Promise<void> {
    for (;;) {
      await ask();
      await this.#platform.sleep(milliseconds).done;
    }
  }

  /** As over a socket: it is heard when the runtime has a turn. */
  async #request<M extends Method>(method: M, params: Methods[M]["params"]): Promise<Methods[M]["result"]> {
    const id = ++this.#ids;
    const answered = new Promise<unknown>((resolve) => this.#waiting.set(id, resolve));
    await this.#platform.sleep(0).done;
    const heard = readMessage(JSON.stringify({ type: "request", id, method, params }));
    if (heard === undefined) throw new Error(`${method} is no message of the protocol`);
    this.onMessage(heard);
    return (await answered) as Methods[M]["result"];
  }
}

import { NEVER } from "../src/time/instant.ts";
import type { Connection } from "../src/transport/tcp/connection.ts";
import { TwoHosts } from "./hosts.ts";
import { type Benchmark, verify } from "./measure.ts";
import { liveBytes } from "./memory.ts";
import { IDLE_CONNECTIONS } from "./sizes.ts";

const FIRST_PORT = 8000;
/** Ports that the server listens on: one of them has fewer than 28,232 clients of one address. */
const PORTS = 4;
/** Attempts under way at once. */
const BATCH = 500;
const message = new Uint8Array(1000).fill(1);

/** Both ends of many connections. */
class Pairs {
  readonly hosts = new TwoHosts("cable");
  readonly ends: Connection[] = [];

  constructor() {
    for (let port = 0; port < PORTS; port++) {
      const listener = this.hosts.listen(FIRST_PORT + port, 2 * BATCH);
      listener.onReady = () => {
        const connection = listener.accept();
        if (connection !== undefined) this.ends.push(connection);
      };
    }
  }

  open(count: number): void {
    for (let opened = 0; opened < count; opened += BATCH) {
      for (let turn = 0; turn < BATCH; turn++) this.ends.push(this.hosts.connect(FIRST_PORT + (turn % PORTS)));
      this.hosts.scheduler.runUntil(NEVER);
    }
  }

  /** Each end writes and the other reads; few at a time, so that it is not packets in flight that are measured. */
  talk(): void {
    const { ends, hosts } = this;
    for (let first = 0; first < ends.length; first += BATCH) {
      const some = ends.slice(first, first + BATCH);
      for (const end of some) verify(end.write(message) === message.length, "an idle connection takes a message");
      hosts.scheduler.runUntil(NEVER);
    }
    const into = new Uint8Array(2 * message.length);
    for (const end of ends) verify(end.read(into) === message.length, "every message arrived");
    hosts.scheduler.runUntil(NEVER);
  }
}

/** Established connections: what one endpoint holds, all its objects counted, before and after it was used. */
export const idle: Benchmark = {
  name: "idle",
  summary: `${IDLE_CONNECTIONS.toLocaleString("en")} established connections: bytes of one endpoint with all its objects`,
  round() {
    const before = liveBytes();
    const pairs = new Pairs();
    pairs.open(IDLE_CONNECTIONS);
    const { ends } = pairs;
    verify(ends.length === 2 * IDLE_CONNECTIONS, `${ends.length} ends were made`);
    verify(
      ends.every((end) => end.state === "ESTABLISHED"),
      "all connections are open",
    );
    const opened = liveBytes();
    pairs.talk();
    const talked = liveBytes();
    verify(
      ends.every((end) => end.state === "ESTABLISHED"),
      "all connections are still open",
    );
    return {
      "tcp.idle.bytesPerConnection": (opened - before) / ends.length,
      "tcp.idle.bytesPerConnectionAfterUse": (talked - before) / ends.length,
    };
  },
};

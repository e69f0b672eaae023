import { FULL_OFFLOAD, NO_OFFLOAD, type Offload } from "../src/link/offload.ts";
import { NEVER } from "../src/time/instant.ts";
import { TwoHosts } from "./hosts.ts";
import { type Benchmark, timed, verify } from "./measure.ts";
import { LONG_BULK_BYTES } from "./sizes.ts";

const PIECE = 64 * 1024;
const EVENTS_PER_TURN = 2000;

/** The byte at an offset of the stream; the period is no power of two, so that a shifted piece shows. */
const pattern = Uint8Array.from({ length: PIECE + 251 }, (_, index) => index % 251);

/** Real frames of MTU 1500, every checksum computed and verified; segments that arrive together share an acknowledgment. */
export const bulk: Benchmark = {
  name: "bulk",
  summary: "1 GiB over one virtual TCP connection, MTU 1500, through a switch, arrivals coalesced",
  round: () => transfer("mtu1500", { ...NO_OFFLOAD, coalescing: true }),
};

/** The same as a network file has it that says nothing of offload: an acknowledgment for every second segment. */
export const bulkPlain: Benchmark = {
  name: "bulk-plain",
  summary: "the same, with an acknowledgment for every second segment",
  round: () => transfer("plain", NO_OFFLOAD),
};

/** Segments of up to 64 KiB on the cables, whose checksums are left out there. */
export const bulkOffload: Benchmark = {
  name: "bulk-offload",
  summary: "1 GiB over one virtual TCP connection, checksums and segmentation left to the cables",
  round: () => transfer("offload", FULL_OFFLOAD),
};

/** One virtual TCP connection through a switch, every byte compared. */
async function transfer(key: string, offload: Offload): Promise<Record<string, number>> {
  const hosts = new TwoHosts("switch", {}, offload);
  const listener = hosts.listen(80);
  const into = Buffer.alloc(PIECE);
  let received = 0;
  let wrong = 0;
  listener.onReady = () => {
    const connection = listener.accept();
    if (connection === undefined) return;
    connection.onReady = () => {
      for (;;) {
        const count = connection.read(into);
        if (typeof count !== "number" || count === 0) return;
        const from = received % 251;
        if (into.compare(pattern, from, from + count, 0, count) !== 0) wrong++;
        received += count;
      }
    };
    connection.onReady();
  };
  const client = hosts.connect(80);
  let sent = 0;
  client.onReady = () => {
    while (sent < LONG_BULK_BYTES && client.established) {
      const from = sent % 251;
      const count = client.write(pattern.subarray(from, from + Math.min(PIECE, LONG_BULK_BYTES - sent)));
      if (typeof count !== "number") return;
      sent += count;
    }
  };
  const memory = process.memoryUsage().rss;
  let worst = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - 10);
    last = now;
  }, 10);
  const spent = await timed(async () => {
    while (received < LONG_BULK_BYTES && hosts.scheduler.next !== NEVER) {
      hosts.scheduler.runUntil(NEVER, EVENTS_PER_TURN);
      await new Promise(setImmediate);
    }
  });
  clearInterval(timer);
  verify(received === LONG_BULK_BYTES && wrong === 0, `${received} bytes arrived, ${wrong} reads were wrong`);
  return {
    [`tcp.bulk.${key}.mibPerSecond`]: LONG_BULK_BYTES / 2 ** 20 / spent.wall,
    [`tcp.bulk.${key}.gbitPerCpuSecond`]: (LONG_BULK_BYTES * 8) / 1e9 / spent.cpu,
    [`tcp.bulk.${key}.memoryGrowthMib`]: (process.memoryUsage().rss - memory) / 2 ** 20,
    [`tcp.bulk.${key}.worstTimerDelayMs`]: worst,
  };
}

import { FULL_OFFLOAD, NO_OFFLOAD, type Offload } from "../src/link/offload.ts";
import { NEVER } from "../src/time/instant.ts";
import { TwoHosts } from "./hosts.ts";
import { type Benchmark, timed } from "./measure.ts";
import { LONG_BULK_BYTES } from "./sizes.ts";
import { Transfer } from "./transfer.ts";

const EVENTS_PER_TURN = 2000;

/** Real frames of MTU 1500, every checksum computed and verified; segments that arrive together share an acknowledgment. */
export const bulk: Benchmark = {
  name: "bulk",
  summary: "1 GiB over one virtual TCP connection, MTU 1500, through a switch, arrivals coalesced",
  round: () => measure("mtu1500", { ...NO_OFFLOAD, coalescing: true }),
};

/** The same as a network file has it that says nothing of offload: an acknowledgment for every second segment. */
export const bulkPlain: Benchmark = {
  name: "bulk-plain",
  summary: "the same, with an acknowledgment for every second segment",
  round: () => measure("plain", NO_OFFLOAD),
};

/** Segments of up to 64 KiB on the cables, whose checksums are left out there. */
export const bulkOffload: Benchmark = {
  name: "bulk-offload",
  summary: "1 GiB over one virtual TCP connection, checksums and segmentation left to the cables",
  round: () => measure("offload", FULL_OFFLOAD),
};

/** One virtual TCP connection through a switch, every byte compared. */
async function measure(key: string, offload: Offload): Promise<Record<string, number>> {
  const hosts = new TwoHosts("switch", {}, offload);
  const transfer = new Transfer(hosts, LONG_BULK_BYTES);
  const memory = process.memoryUsage().rss;
  let worst = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - 10);
    last = now;
  }, 10);
  const spent = await timed(async () => {
    while (transfer.goesOn) {
      hosts.scheduler.runUntil(NEVER, EVENTS_PER_TURN);
      await new Promise(setImmediate);
    }
  });
  clearInterval(timer);
  transfer.verify();
  return {
    [`tcp.bulk.${key}.mibPerSecond`]: LONG_BULK_BYTES / 2 ** 20 / spent.wall,
    [`tcp.bulk.${key}.gbitPerCpuSecond`]: (LONG_BULK_BYTES * 8) / 1e9 / spent.cpu,
    [`tcp.bulk.${key}.memoryGrowthMib`]: (process.memoryUsage().rss - memory) / 2 ** 20,
    [`tcp.bulk.${key}.worstTimerDelayMs`]: worst,
  };
}

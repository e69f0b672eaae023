import { EventLog } from "../src/capture/log/event-log.ts";
import { NO_OFFLOAD } from "../src/link/offload.ts";
import { NEVER } from "../src/time/instant.ts";
import { TwoHosts } from "./hosts.ts";
import { type Benchmark, timed, verify } from "./measure.ts";
import { BULK_BYTES } from "./sizes.ts";
import { Transfer } from "./transfer.ts";

/** Transfers with and without the log in a round, in turns. */
const TURNS = 3;

/** What it costs that somebody may look: an event log on all Nics of a transfer through a switch. */
export const labWatch: Benchmark = {
  name: "lab-watch",
  summary: `${BULK_BYTES / 2 ** 20} MiB through a switch, with and without the lab's event log: growth of CPU time per frame`,
  async round() {
    let plain = 0;
    let watched = 0;
    let frames = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      const bare = await transfer(undefined);
      const seen = await transfer(new EventLog());
      plain += bare.cpu;
      watched += seen.cpu;
      frames += bare.frames;
      verify(bare.frames === seen.frames, "looking changes nothing");
    }
    return {
      "lab.watch.growthPercent": (watched / plain - 1) * 100,
      "lab.watch.plainNsPerFrame": (plain / frames) * 1e9,
      "lab.watch.watchedNsPerFrame": (watched / frames) * 1e9,
    };
  },
};

async function transfer(log: EventLog | undefined): Promise<{ cpu: number; frames: number }> {
  const hosts = new TwoHosts("switch", {}, NO_OFFLOAD);
  if (log !== undefined) for (const nic of hosts.nics) nic.addTap(log);
  const bulk = new Transfer(hosts, BULK_BYTES);
  const { cpu } = await timed(() => {
    hosts.scheduler.runUntil(NEVER);
  });
  bulk.verify();
  return { cpu, frames: hosts.frames };
}

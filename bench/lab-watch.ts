import { bulkClient, bulkServer } from "../src/application/index.ts";
import { EventLog } from "../src/capture/log/event-log.ts";
import { Network } from "../src/network/network.ts";
import { runLoop } from "../src/platform/node/run-loop.ts";
import { type Benchmark, timed, verify } from "./measure.ts";

const BYTES = 64 * 2 ** 20;
/** Transfers with and without the log in a round, in turns. */
const TURNS = 4;

/** Full, as after the first minutes of any run: new memory costs once, and its pages are the system's. */
let log: EventLog | undefined;

/** What it costs that somebody may look: an event log on all Nics, as the lab's engine has it, of a transfer between two programs. */
export const labWatch: Benchmark = {
  name: "lab-watch",
  summary:
    "64 MiB from program to program through a switch, with and without the lab's event log: growth of CPU time per frame",
  async round() {
    if (log === undefined) {
      log = new EventLog();
      while (log.first === 0) await transfer(log);
    }
    let plain = 0;
    let watched = 0;
    let frames = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      const bare = await transfer(undefined);
      const seen = await transfer(log);
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

/** @returns CPU seconds, and frames on all cables */
async function transfer(watcher: EventLog | undefined): Promise<{ cpu: number; frames: number }> {
  const network = new Network({ seed: 1 });
  network.host("server", { address: "10.0.0.1/24" });
  network.host("client", { address: "10.0.0.2/24" });
  network.switch("switch");
  for (const host of ["server", "client"]) network.cable(host, "switch", { delay: "1ms", rate: "1Gbit/s" });
  let done = false;
  network.onLog(({ code }) => {
    done ||= code === "done";
  });
  network.start("server", bulkServer, {});
  const server = { address: "10.0.0.1", port: 5001 };
  network.start("client", bulkClient, { server, bytes: BYTES, direction: "upload", seed: 1 });
  if (watcher !== undefined) network.addTap(watcher);
  const { cpu } = await timed(async () => {
    await runLoop(network).run();
  });
  verify(done, "every byte has arrived");
  const frames = network.nics.reduce(
    (sum, { medium, counters }) => sum + (medium === "loopback" ? 0 : counters.sentFrames),
    0,
  );
  return { cpu, frames };
}

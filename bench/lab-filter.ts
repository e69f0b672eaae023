import { bulkClient, bulkServer } from "../src/application/index.ts";
import { readFilter } from "../src/capture/filter/display-filter.ts";
import { EventLog } from "../src/capture/log/event-log.ts";
import { PacketView } from "../src/capture/view/packet-view.ts";
import { networkDissectors } from "../src/network/dissectors.ts";
import { Network } from "../src/network/network.ts";
import { runLoop } from "../src/platform/node/run-loop.ts";
import { nicPlaces } from "../test/fixtures/packet-view.ts";
import { type Benchmark, type Figures, timed, verify } from "./measure.ts";

const BYTES = 2 ** 22;
const PAIRS = 4;
/** What the engine gives a list at once. */
const BUDGET = 500;
/** Frames that are dissected for comparison: each takes as long as many that are not. */
const DISSECTED = 10_000;

/** Filters by the names of their figures: what people ask for, of headers, of the analysis, and of bytes. */
const FILTERS: Readonly<Record<string, string>> = {
  syn: "tcp.flags.syn == 1",
  address: "ip.addr == 10.0.0.1",
  port: "tcp.port == 80",
  length: "frame.len > 100",
  retransmission: "tcp.analysis.retransmission",
  sequence: "tcp.seq > 100000 && tcp.len > 0 && frame.time_delta > 0.001",
  bytes: "tcp contains 00:01:02:03",
  /** Decided by the bits of protocols alone. */
  protocol: "!tcp",
};

let view: PacketView | undefined;

/** How fast a display filter goes through a list, by filter; beside it, what it would be to dissect every frame. */
export const labFilter: Benchmark = {
  name: "lab-filter",
  summary: "display filters over some 300,000 frames of TCP with losses: frames in a CPU-second, by filter",
  async round() {
    view ??= await listOfLosses();
    const figures: Figures = { "lab.filter.frames": view.state.total };
    let worst = 0;
    for (const [name, filter] of Object.entries(FILTERS)) {
      verify(view.setFilter(filter) === undefined, filter);
      const list = view;
      const { cpu } = await timed(() => {
        while (list.isBehind) {
          const before = process.threadCpuUsage();
          list.work(BUDGET);
          const { user, system } = process.threadCpuUsage(before);
          worst = Math.max(worst, (user + system) / 1000);
        }
      });
      figures[`lab.filter.${name}.framesPerCpuSecond`] = view.state.total / cpu;
    }
    figures["lab.filter.worstSliceCpuMs"] = worst;
    figures["lab.filter.dissected.framesPerCpuSecond"] = DISSECTED / (await dissecting(view));
    return figures;
  },
};

/** A filter's judgement of whole dissections, which must be that of the list. @returns CPU seconds */
async function dissecting(list: PacketView): Promise<number> {
  const { dissection, table } = list;
  const filter = FILTERS.syn as string;
  const read = readFilter(filter, table);
  verify("filter" in read, filter);
  let matched = 0;
  const { cpu } = await timed(() => {
    for (let number = 1; number <= DISSECTED; number++) {
      if (read.filter.matches(dissection.dissect(number))) matched++;
    }
  });
  list.setFilter(filter);
  while (list.isBehind) list.work(BUDGET);
  verify(matched > 0 && list.indexFrom(DISSECTED + 1) === matched, `${matched} frames have ${filter}`);
  return cpu;
}

/** All cables of pairs of hosts, of whose frames every twentieth is lost. */
async function listOfLosses(): Promise<PacketView> {
  const network = new Network({ seed: 1 });
  for (let pair = 1; pair <= PAIRS; pair++) {
    const server = { address: `10.0.${pair - 1}.1`, port: 5001 };
    network.host(`s${pair}`, { address: `${server.address}/24`, mtu: 150 });
    network.host(`c${pair}`, { address: `10.0.${pair - 1}.2/24`, mtu: 150 });
    network.cable(`s${pair}`, `c${pair}`, { delay: "1ms", rate: "100Mbit/s", loss: "5%" });
    network.start(`s${pair}`, bulkServer, {});
    network.start(`c${pair}`, bulkClient, { server, bytes: BYTES, direction: "upload", seed: pair });
  }
  const log = new EventLog();
  network.addTap(log);
  await runLoop(network).run();
  const epoch = BigInt(network.epoch) * 1_000_000n;
  const list = new PacketView({
    ...{ log, nics: nicPlaces(network), vantage: { kind: "cables" }, epoch },
    ...networkDissectors(),
  });
  while (list.isBehind) list.work(BUDGET);
  verify(list.state.total > 200_000, `${list.state.total} frames are in the list`);
  return list;
}

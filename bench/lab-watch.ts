import { PROGRAMS } from "../src/application/registry.ts";
import { Engine } from "../src/engine/engine.ts";
import { build } from "../src/network/build.ts";
import type { Network } from "../src/network/network.ts";
import { RunLoop } from "../src/network/run.ts";
import { readDocument } from "../src/platform/document/read.ts";
import { bulkScene, smallScene } from "./lab-scenes.ts";
import { type Benchmark, type Figures, median, verify } from "./measure.ts";
import { PageWatcher } from "./page-watcher.ts";
import { SlicedPlatform } from "./sliced-platform.ts";

/** CPU milliseconds of a slice: several pushes to a watcher, which come 50 ms apart. */
const SLICE = 250;
/** Slices of each in a round. */
const TURNS = 12;

/** A network that runs as fast as it can: by itself, kept in the lab's event log, or that and watched by the lab's page. */
type Kind = "plain" | "logged" | "watched";
const KINDS: readonly Kind[] = ["plain", "logged", "watched"];

interface Runner {
  readonly kind: Kind;
  readonly platform: SlicedPlatform;
  readonly network: Network;
  readonly page?: PageWatcher;
  /** When the event log is full, as it is after the first minute of any such run. */
  readonly isWarm: () => boolean;
}

async function runner(kind: Kind, text: string): Promise<Runner> {
  const { document, problems } = readDocument(text, { programs: PROGRAMS });
  verify(document !== undefined, JSON.stringify(problems));
  const platform = new SlicedPlatform();
  if (kind === "plain") {
    const network = build(document);
    const { scheduler, inputs, works } = network;
    void new RunLoop({ scheduler, inputs, works, platform, isOpen: () => true, alwaysHolds: true }).run();
    return { kind, platform, network, isWarm: () => true };
  }
  const told = { text, file: "bench.yaml", netarium: "0.0.0", id: "bench", kind: "node" } as const;
  const engine = await Engine.start({ document, platform, speed: "max", ...told });
  const { network, log } = engine.course;
  const isWarm = (): boolean => log.first > 0;
  if (kind === "logged") return { kind, platform, network, isWarm };
  return { kind, platform, network, isWarm, page: new PageWatcher(engine, platform) };
}

const framesOf = ({ nics }: Network): number =>
  nics.reduce((sum, { medium, counters }) => sum + (medium === "loopback" ? 0 : counters.sentFrames), 0);

/** @returns CPU nanoseconds a frame */
async function slice({ platform, network }: Runner): Promise<number> {
  const frames = framesOf(network);
  const before = process.cpuUsage();
  const spent = (): number => {
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  await platform.slice(() => spent() >= SLICE * 1000);
  return (spent() * 1000) / (framesOf(network) - frames);
}

/** What a scene's runners have come to; they go on in the next round. */
const runners = new Map<string, Promise<Runner[]>>();

function runnersOf(name: string, text: string): Promise<Runner[]> {
  const known = runners.get(name);
  if (known !== undefined) return known;
  const made = Promise.all(KINDS.map((kind) => runner(kind, text))).then(async (all) => {
    for (const each of all) {
      do await slice(each);
      while (!each.isWarm());
      await slice(each);
    }
    return all;
  });
  runners.set(name, made);
  return made;
}

async function measure(name: string, text: string): Promise<Figures> {
  const all = await runnersOf(name, text);
  const spent: Record<Kind, number[]> = { plain: [], logged: [], watched: [] };
  const { page } = all[2] as Runner;
  verify(page !== undefined, "the page watches");
  const { examined } = page;
  const frames = framesOf(page.network);
  for (let turn = 0; turn < TURNS; turn++) {
    const order = turn % 2 === 0 ? all : all.toReversed();
    for (const each of order) spent[each.kind].push(await slice(each));
  }
  const grown = page.examined - examined;
  verify(grown > 0, "the list of packets has grown");
  const [plain, logged, watched] = KINDS.map((kind) => median(spent[kind])) as [number, number, number];
  return {
    [`${name}.cpuPerFrame`]: watched / plain,
    [`${name}.cpuPerFrameOfLog`]: logged / plain,
    [`${name}.cpuPerFrameOfPage`]: watched / logged,
    [`${name}.plainNsPerFrame`]: plain,
    [`${name}.examinedPercent`]: (grown / (framesOf(page.network) - frames)) * 100,
  };
}

/** What it costs that somebody looks. */
export const labWatch: Benchmark = {
  name: "lab-watch",
  summary: "CPU time a simulated frame with the lab's page watching, to that of the same network with nothing looking",
  round: () => measure("lab.watch", bulkScene()),
};

/** The same where frames are small and programs talk. */
export const labWatchSmall: Benchmark = {
  name: "lab-watch-small",
  summary: "the same, of small datagrams between 16 pairs of hosts",
  round: () => measure("lab.watchSmall", smallScene()),
};

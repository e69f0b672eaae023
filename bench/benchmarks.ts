import { bulk, bulkOffload, bulkPlain } from "./bulk.ts";
import { connects, pingPong, pingPongByPromises } from "./exchanges.ts";
import { fanout } from "./fanout.ts";
import { growth } from "./growth.ts";
import { httpFile, httpPipelined, httpSmall } from "./http-load.ts";
import { httpParser } from "./http-parser.ts";
import { httpVirtual } from "./http-virtual.ts";
import { idle } from "./idle.ts";
import { labFilter } from "./lab-filter.ts";
import { labPage } from "./lab-page.ts";
import { labWatch, labWatchSmall } from "./lab-watch.ts";
import type { Benchmark } from "./measure.ts";
import { nodeBulk, nodeConnects, nodePingPong } from "./node-net.ts";
import { frames, idleHour } from "./simulation.ts";

/** All there are, in the order in which a round runs them. */
export const BENCHMARKS: readonly Benchmark[] = [
  bulk,
  bulkPlain,
  bulkOffload,
  nodeBulk,
  pingPong,
  pingPongByPromises,
  nodePingPong,
  connects,
  nodeConnects,
  frames,
  idleHour,
  idle,
  growth,
  httpParser,
  httpSmall,
  httpPipelined,
  httpFile,
  httpVirtual,
  fanout,
  labWatch,
  labFilter,
  labWatchSmall,
  labPage,
];

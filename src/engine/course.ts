import type { Compression } from "../application/compression.ts";
import { EventLog } from "../capture/log/event-log.ts";
import { build } from "../network/build.ts";
import type { NetworkDocument } from "../network/document.ts";
import type { Network } from "../network/network.ts";
import type { Platform } from "../network/platform.ts";
import { RunLoop, type SlowHold } from "../network/run.ts";
import { Terminals } from "../network/terminals.ts";
import type { TlsMaker } from "../network/tls-maker.ts";
import { LogLines } from "./log-lines.ts";
import { Traffic } from "./traffic.ts";

export interface CourseOptions {
  readonly document: NetworkDocument;
  readonly seed: number;
  readonly platform: Platform;
  readonly compression?: Compression | undefined;
  readonly tls?: TlsMaker | undefined;
  readonly onSlowHold?: ((hold: SlowHold) => void) | undefined;
}

/**
 * A network of the document from its beginning on, with all that is kept of what happens in it. Going back in time is another
 * course that repeats the inputs.
 *
 * Time stands still for work outside the network at any speed: so a result is no input, and a course is the same however
 * fast it was run.
 */
export class Course {
  readonly network: Network;
  readonly loop: RunLoop;
  readonly log: EventLog;
  readonly lines = new LogLines();
  readonly terminals: Terminals;
  readonly traffic: Traffic;

  constructor(options: CourseOptions) {
    const { document, seed, compression, tls, platform, onSlowHold } = options;
    this.network = build(document, { seed, compression, tls });
    this.log = new EventLog();
    this.network.addTap(this.log);
    this.network.onLog((line) => this.lines.add(line));
    this.terminals = new Terminals(this.network);
    this.traffic = new Traffic(this.network, this.log);
    const { scheduler, inputs, works } = this.network;
    const hold = onSlowHold && { onSlowHold };
    this.loop = new RunLoop({ scheduler, inputs, works, platform, isOpen: () => true, alwaysHolds: true, ...hold });
    this.loop.pause();
  }

  /** Makes it one of the past, which nothing of may reach anybody any more. */
  leave(): void {
    this.network.removeTap(this.log);
    this.network.inputs.onInput = undefined;
    this.lines.onLine = () => {};
    this.terminals.onOutput = () => {};
    this.terminals.onClosed = () => {};
  }
}

import type { Compression } from "../application/compression.ts";
import type { FieldTable } from "../capture/filter/fields.ts";
import { EventLog } from "../capture/log/event-log.ts";
import type { NicPlaces } from "../capture/view/nic-places.ts";
import type { Vantage } from "../capture/view/types.ts";
import { build } from "../network/build.ts";
import type { NetworkDissectors, TlsSecrets } from "../network/dissectors.ts";
import type { NetworkDocument } from "../network/document.ts";
import type { Network } from "../network/network.ts";
import type { Platform } from "../network/platform.ts";
import { RunLoop, type SlowHold } from "../network/run.ts";
import type { ScriptMaker } from "../network/script-maker.ts";
import { Terminals } from "../network/terminals.ts";
import type { TlsMaker } from "../network/tls-maker.ts";
import { networkDissectors, PacketView } from "./analysis.ts";
import { LogLines } from "./log-lines.ts";
import { Traffic } from "./traffic.ts";

export interface CourseOptions {
  readonly document: NetworkDocument;
  readonly seed: number;
  readonly platform: Platform;
  readonly compression?: Compression | undefined;
  readonly tls?: TlsMaker | undefined;
  /** With which lists of packets show TLS deciphered. */
  readonly secrets?: TlsSecrets | undefined;
  readonly scripts?: ScriptMaker | undefined;
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
  /** Where each of its Nics is. */
  readonly nics: NicPlaces;
  readonly #secrets: TlsSecrets | undefined;
  #made: NetworkDissectors | undefined;
  #fields: FieldTable | undefined;

  constructor(options: CourseOptions) {
    const { document, seed, compression, tls, secrets, scripts, platform, onSlowHold } = options;
    this.#secrets = secrets;
    this.network = build(document, { seed, compression, tls, scripts });
    this.log = new EventLog();
    this.network.addTap(this.log);
    this.network.onLog((line) => this.lines.add(line));
    this.terminals = new Terminals(this.network);
    this.nics = nicPlaces(this.network);
    this.traffic = new Traffic(this.network, this.log);
    const { scheduler, inputs, works } = this.network;
    const hold = onSlowHold && { onSlowHold };
    this.loop = new RunLoop({ scheduler, inputs, works, platform, isOpen: () => true, alwaysHolds: true, ...hold });
    this.loop.pause();
  }

  /** A list of what a vantage sees; undefined when there is no such device or interface. */
  view(vantage: Vantage): PacketView | undefined {
    const { log, nics, network } = this;
    const exists =
      vantage.kind === "cables" ||
      (vantage.kind === "nic" ? nics[vantage.nic] !== undefined : network.devices.has(vantage.device));
    if (!exists) return undefined;
    const epoch = BigInt(network.epoch) * 1_000_000n;
    return new PacketView({ log, nics, vantage, epoch, ...this.#dissectors });
  }

  /** Made when packets are first looked at. */
  get #dissectors(): NetworkDissectors {
    this.#made ??= networkDissectors(this.#secrets);
    return this.#made;
  }

  /** The names that display filters know. */
  get fields(): FieldTable {
    const epoch = BigInt(this.network.epoch) * 1_000_000n;
    const { log, nics } = this;
    this.#fields ??= new PacketView({ log, nics, vantage: { kind: "cables" }, epoch, ...this.#dissectors }).table;
    return this.#fields;
  }

  /** Makes it one of the past, which nothing of may reach anybody any more, and lets go of what its programs hold. */
  leave(): void {
    const { network, log, lines, terminals } = this;
    network.removeTap(log);
    network.inputs.onInput = undefined;
    lines.onLine = () => {};
    terminals.onOutput = () => {};
    terminals.onClosed = () => {};
    for (const program of network.programs.all) {
      try {
        program.kill();
      } catch {
        // A course that has failed may fail again: it concerns nobody now.
      }
    }
  }
}

function nicPlaces({ nics, cables }: Network): NicPlaces {
  const opposite = new Map<number, number>();
  for (const { a, b } of cables) opposite.set(a.index, b.index).set(b.index, a.index);
  return nics.map(({ index, device, fullName: name, mac, medium }) => {
    return { device, name, mac, isLoopback: medium === "loopback", opposite: opposite.get(index) ?? -1 };
  });
}

import type { Compression } from "../application/compression.ts";
import type { FieldTable } from "../capture/filter/fields.ts";
import { EventLog } from "../capture/log/event-log.ts";
import type { NicPlace } from "../capture/view/nic-places.ts";
import type { Vantage } from "../capture/view/types.ts";
import { Edits, type ReadNetwork } from "../network/change/edits.ts";
import { LiveNetwork } from "../network/change/live-network.ts";
import { PacketFaults } from "../network/change/packet-faults.ts";
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
  /** The same as text; needed where it is edited. */
  readonly text?: string;
  /** Reads what becomes of the text while it runs; unless given it cannot be edited. */
  readonly read?: ReadNetwork | undefined;
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
  readonly live: LiveNetwork;
  readonly network: Network;
  readonly edits: Edits;
  readonly packetFaults: PacketFaults;
  readonly loop: RunLoop;
  readonly log: EventLog;
  readonly lines = new LogLines();
  readonly terminals: Terminals;
  readonly traffic: Traffic;
  /** Where each of its Nics is, or was. */
  readonly nics: NicPlace[] = [];
  readonly #secrets: TlsSecrets | undefined;
  #made: NetworkDissectors | undefined;
  #fields: FieldTable | undefined;

  constructor(options: CourseOptions) {
    const { document, text = "", read = () => undefined, seed, platform, onSlowHold } = options;
    const { compression, tls, secrets, scripts } = options;
    this.#secrets = secrets;
    this.live = new LiveNetwork(document, { seed, compression, tls, scripts });
    this.network = this.live.network;
    this.log = new EventLog();
    this.network.addTap(this.log);
    this.network.onLog((line) => this.lines.add(line));
    this.terminals = new Terminals(this.network);
    this.traffic = new Traffic(this.network, this.log);
    this.edits = new Edits(this.live, text, read);
    this.edits.onEdit = () => this.#edited();
    this.#place();
    this.packetFaults = new PacketFaults(this.network);
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
      (vantage.kind === "nic" ? nics[vantage.nic] !== undefined : nics.some(({ device }) => device === vantage.device));
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

  /** The network has become another. */
  onEdited: () => void = () => {};

  #edited(): void {
    this.#place();
    this.traffic.changed();
    this.onEdited();
  }

  /** Says where Nics that are new are, and to which others cables lead now. What is gone stays where it was. */
  #place(): void {
    const opposite = new Map<number, number>();
    for (const { a, b } of this.network.cables) opposite.set(a.index, b.index).set(b.index, a.index);
    for (const { index, device, fullName: name, mac, medium } of this.network.nics) {
      const known = this.nics[index];
      const is = opposite.get(index) ?? known?.opposite ?? -1;
      if (known?.opposite === is) continue;
      this.nics[index] = { device, name, mac, isLoopback: medium === "loopback", opposite: is };
    }
  }

  /** Makes it one of the past, which nothing of may reach anybody any more, and lets go of what its programs hold. */
  leave(): void {
    const { network, log, lines, terminals } = this;
    network.removeTap(log);
    network.inputs.onInput = undefined;
    lines.onLine = () => {};
    terminals.onOutput = () => {};
    terminals.onClosed = () => {};
    this.onEdited = () => {};
    for (const program of network.programs.all) {
      try {
        program.kill();
      } catch {
        // A course that has failed may fail again: it concerns nobody now.
      }
    }
  }
}

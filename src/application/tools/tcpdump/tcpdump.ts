import { NameError } from "../../../socket/names.ts";
import { ETHERNET_HEADER_LENGTH } from "../../../wire/ethernet.ts";
import { readAll } from "../../http/curl/io.ts";
import type { CapturedFrame, Command, CommandContext } from "../../shell/command.ts";
import { FrameDescriber } from "./describe.ts";
import { asciiOf, hexLines } from "./hex-lines.ts";
import { type PcapRecord, pcapHeader, pcapRecord, readPcap, SNAPSHOT_LENGTH } from "./pcap-file.ts";
import { namesIn, parsePcapFilter } from "./pcap-filter.ts";
import { Frame, type FrameTest, PcapFilterError } from "./pcap-words.ts";
import { type TcpdumpSettings, tcpdumpSettings } from "./settings.ts";

/** Frames that wait to be shown; more are lost, and counted. */
const WAITING_LIMIT = 10_000;
const encoder = new TextEncoder();

/** Shows the frames of a host's interfaces as they come, or those of a file, as tcpdump does with -n. */
export const tcpdump: Command = {
  name: "tcpdump",
  summary: "Show what crosses the host's interfaces.",
  usage: "[-ADelnpStUvxX] [-c count] [-i interface] [-Q in|out] [-r file] [-s length] [-w file] [filter]",
  run: async (context, args) => {
    const settings = tcpdumpSettings(args);
    if (typeof settings === "string") {
      context.io.stderr(`tcpdump: ${settings}\nUsage: tcpdump ${tcpdump.usage}\n`);
      return 1;
    }
    if (settings.lists) return await listInterfaces(context);
    try {
      const wanted = parsePcapFilter(settings.filter, await addressesOf(context, settings.filter));
      return await new Dump(context, settings, wanted).run();
    } catch (error) {
      if (!(error instanceof PcapFilterError)) throw error;
      context.io.stderr(`tcpdump: can't parse filter expression: ${error.message}\n`);
      return 1;
    }
  },
};

async function listInterfaces({ host, io }: CommandContext): Promise<number> {
  const names = host.snapshot().nics.map(({ name }) => name);
  const lines = [...names.filter((name) => name !== "lo"), "any", "lo"].map((name, index) => `${index + 1}.${name}\n`);
  await io.stdout(encoder.encode(lines.join("")));
  return 0;
}

async function addressesOf({ names, signal }: CommandContext, filter: string): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const name of namesIn(filter)) {
    try {
      found.set(name, await names.lookup(name, { signal }));
    } catch (error) {
      if (!(error instanceof NameError)) throw error;
    }
  }
  return found;
}

class Dump {
  readonly #context: CommandContext;
  readonly #settings: TcpdumpSettings;
  readonly #wanted: FrameTest;
  readonly #describer: FrameDescriber;
  readonly #counts = { captured: 0, received: 0, dropped: 0 };
  #write: ((bytes: Uint8Array) => Promise<void>) | undefined;

  constructor(context: CommandContext, settings: TcpdumpSettings, wanted: FrameTest) {
    this.#context = context;
    this.#settings = settings;
    this.#wanted = wanted;
    this.#describer = new FrameDescriber(settings);
  }

  async run(): Promise<number> {
    const { io } = this.#context;
    const { read, write } = this.#settings;
    let status: number;
    try {
      if (write !== undefined) {
        const file = write === "-" ? undefined : await io.files.create(write);
        this.#write = (bytes) => (file === undefined ? io.stdout(bytes) : file.write(bytes));
        await this.#write(pcapHeader());
      }
      status = read === undefined ? await this.#live() : await this.#file(read);
    } catch (error) {
      if (!("code" in (error as object))) throw error;
      io.stderr(`tcpdump: ${(error as Error).message}\n`);
      status = 1;
    }
    return status;
  }

  async #file(path: string): Promise<number> {
    const { io } = this.#context;
    const records = readPcap(await readAll(io, path));
    if (records === undefined) {
      io.stderr("tcpdump: unknown file format\n");
      return 1;
    }
    io.stderr(`reading from file ${path}, link-type EN10MB (Ethernet), snapshot length ${SNAPSHOT_LENGTH}\n`);
    for (const record of records) if (!(await this.#take(record, ""))) break;
    return 0;
  }

  async #live(): Promise<number> {
    const { host, io, signal } = this.#context;
    const { nic: asked, verbose, write } = this.#settings;
    const nic = asked ?? host.snapshot().nics.find(({ name }) => name !== "lo")?.name ?? "lo";
    const waiting: CapturedFrame[] = [];
    let wake = (): void => {};
    const stop = host.capture(nic === "any" ? undefined : nic, (frame) => {
      if (waiting.length < WAITING_LIMIT) waiting.push(frame);
      else this.#counts.dropped++;
      wake();
    });
    if (stop === undefined) {
      io.stderr(`tcpdump: ${nic}: No such device exists\n(No such device exists)\n`);
      return 1;
    }
    if (verbose === 0 && write === undefined) {
      io.stderr("tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n");
    }
    io.stderr(
      `listening on ${nic}, link-type EN10MB (Ethernet), snapshot length ${this.#settings.snapshotLength} bytes\n`,
    );
    const onAbort = (): void => wake();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await this.#show(waiting, nic === "any", (resume) => {
        wake = resume;
      });
    } finally {
      stop();
      signal.removeEventListener("abort", onAbort);
    }
    const { captured, received, dropped } = this.#counts;
    const counted = (count: number): string => `${count} packet${count === 1 ? "" : "s"}`;
    io.stderr(
      `${counted(captured)} captured\n${counted(received)} received by filter\n${counted(dropped)} dropped by kernel\n`,
    );
    return 0;
  }

  /** Until it is interrupted, or has shown as many as it was told. */
  async #show(waiting: CapturedFrame[], any: boolean, sleep: (wake: () => void) => void): Promise<void> {
    const { signal, clock } = this.#context;
    const epoch = (clock.date().getTime() - Math.floor(clock.now() / 1e6)) * 1000;
    const { direction } = this.#settings;
    while (!signal.aborted) {
      const frame = waiting.shift();
      if (frame === undefined) {
        await new Promise<void>((resolve) => sleep(resolve));
        continue;
      }
      if (direction !== undefined && frame.direction !== direction) continue;
      const name = any ? `${frame.nic} ${frame.direction === "in" ? "In " : "Out"} ` : "";
      const { at, bytes } = frame;
      if (!(await this.#take({ at: epoch + Math.floor(at / 1000), bytes, length: bytes.length }, name))) return;
    }
  }

  /** @returns whether more is wanted */
  async #take({ at, bytes: whole, length }: PcapRecord, name: string): Promise<boolean> {
    const bytes = whole.subarray(0, this.#settings.snapshotLength);
    if (!this.#wanted(new Frame(whole, length))) return true;
    this.#counts.received++;
    this.#counts.captured++;
    if (this.#write !== undefined) await this.#write(pcapRecord({ at, bytes, length }));
    else {
      const text = `${this.#time(at)}${name}${this.#describer.describe(bytes, length)}\n${this.#bytes(bytes)}`;
      await this.#context.io.stdout(encoder.encode(text));
    }
    return this.#counts.captured < this.#settings.count;
  }

  #time(at: number): string {
    const seconds = Math.floor(at / 1e6);
    const fraction = String(at % 1e6).padStart(6, "0");
    const two = (value: number): string => String(value).padStart(2, "0");
    if (this.#settings.times === "none") return "";
    if (this.#settings.times === "epoch") return `${seconds}.${fraction} `;
    const day = seconds % 86_400;
    return `${two(Math.floor(day / 3600))}:${two(Math.floor(day / 60) % 60)}:${two(day % 60)}.${fraction} `;
  }

  #bytes(bytes: Uint8Array): string {
    const { dump } = this.#settings;
    if (dump === undefined) return "";
    const shown = dump.link ? bytes : bytes.subarray(ETHERNET_HEADER_LENGTH);
    return dump.as === "ascii" ? asciiOf(shown) : hexLines(shown, dump.as === "both");
  }
}

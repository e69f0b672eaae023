import { type Socket, SocketError } from "../../socket/socket.ts";
import { after, type Duration, type Instant } from "../../time/instant.ts";
import { ICMP_TIME_EXCEEDED, ICMP_UNREACHABLE } from "../../wire/icmpv4.ts";
import { PROTOCOL_ICMP, PROTOCOL_UDP } from "../../wire/ipv4.ts";
import { type Command, type CommandContext, EXIT_INTERRUPTED, EXIT_USAGE } from "../shell/command.ts";
import { readNumber, readOptions } from "../shell/options.ts";
import { type IcmpMessage, readIcmpMessage } from "./echo-message.ts";
import { describeError, lookUp, print } from "./output.ts";

const FIRST_PORT = 33_434;
/** Probes that may be under way at once. */
const SIMULTANEOUS = 16;
/** IPv4 and UDP headers. */
const HEADERS = 28;
const DATA_LENGTH = 32;
/** What a "destination unreachable" of another code than "port" adds to a time. */
const MARKS: readonly string[] = [
  " !N",
  " !H",
  " !P",
  "",
  " !F",
  " !S",
  " !U",
  " !W",
  " !I",
  " !A",
  " !Z",
  " !Q",
  " !T",
  " !X",
];

/** Finds the routers to a host by UDP probes with a short time to live, as Debian's traceroute does. */
export const traceroute: Command = {
  name: "traceroute",
  summary: "Find the routers on the way to a host.",
  usage: "[-n] [-f first] [-m hops] [-q probes] [-w seconds] host",
  async run(context, args) {
    const options = readOptions(args, "4nf:m:q:w:");
    if (typeof options === "string" || options.operands.length !== 1) {
      context.io.stderr(`traceroute: ${typeof options === "string" ? options : 'Specify "host" missing argument.'}\n`);
      return EXIT_USAGE;
    }
    const { given, operands } = options;
    const settings = {
      first: readNumber(given.get("f") ?? "1", 1, 255),
      hops: readNumber(given.get("m") ?? "30", 1, 255),
      probes: readNumber(given.get("q") ?? "3", 1, 10),
      wait: readNumber(given.get("w") ?? "5", 0.001, 86_400),
      numeric: given.has("n"),
    };
    const { first, hops, probes, wait } = settings;
    const isWhole = Number.isInteger(first) && Number.isInteger(hops) && Number.isInteger(probes);
    if (
      !isWhole ||
      first === undefined ||
      hops === undefined ||
      probes === undefined ||
      wait === undefined ||
      first > hops
    ) {
      context.io.stderr("traceroute: a number is out of range\n");
      return EXIT_USAGE;
    }
    const [host = ""] = operands;
    const found = await lookUp(context, host);
    if (typeof found === "string") {
      context.io.stderr(`${host}: ${found}\n`);
      return EXIT_USAGE;
    }
    const to = found.address;
    await print(context, `traceroute to ${host} (${to}), ${hops} hops max, ${HEADERS + DATA_LENGTH} byte packets`);
    return await new Trace(context, { first, hops, probes, wait, numeric: settings.numeric }, to).run();
  },
};

interface TraceSettings {
  readonly first: number;
  readonly hops: number;
  readonly probes: number;
  /** Seconds. */
  readonly wait: number;
  readonly numeric: boolean;
}

interface Probe {
  readonly sentAt: Instant;
  /** Undefined until it was answered. */
  answer?: { readonly from: string; readonly time: Duration; readonly mark: string; readonly isLast: boolean };
}

class Trace {
  readonly #context: CommandContext;
  readonly #settings: TraceSettings;
  readonly #to: string;
  /** In the order of their ports. */
  readonly #probes: Probe[] = [];
  /** Probes whose lines are written. */
  #told = 0;

  constructor(context: CommandContext, settings: TraceSettings, to: string) {
    this.#context = context;
    this.#settings = settings;
    this.#to = to;
  }

  async run(): Promise<number> {
    const { sockets, io, signal } = this.#context;
    const open: Socket[] = [];
    const add = (socket: Socket): Socket => {
      open.push(socket);
      return socket;
    };
    try {
      const listener = add(sockets.socket("inet", "raw", PROTOCOL_ICMP));
      const sender = add(sockets.socket("inet", "dgram"));
      await sender.bind({ address: "0.0.0.0", port: 0 });
      await this.#loop(listener, sender);
      return 0;
    } catch (error) {
      if (signal.aborted) return EXIT_INTERRUPTED;
      io.stderr(`${error instanceof SocketError ? error.syscall : ""}: ${describeError(error)}\n`);
      return 1;
    } finally {
      for (const socket of open) await socket.close();
    }
  }

  async #loop(listener: Socket, sender: Socket): Promise<void> {
    const { hops, first, probes, wait } = this.#settings;
    const total = (hops - first + 1) * probes;
    const limit = (wait * 1e9) as Duration;
    const port = sender.getsockname().port;
    for (;;) {
      const { clock } = this.#context;
      const isWaiting = ({ answer, sentAt }: Probe): boolean =>
        answer === undefined && clock.now() < after(sentAt, limit);
      let waiting = this.#probes.filter(isWaiting);
      while (this.#probes.length < total && waiting.length < SIMULTANEOUS) {
        await this.#send(sender);
        waiting = this.#probes.filter(isWaiting);
      }
      if (await this.#tell(isWaiting, total)) return;
      waiting = this.#probes.filter(isWaiting);
      const [oldest] = waiting;
      if (oldest !== undefined)
        await this.#receive(listener, port, (after(oldest.sentAt, limit) - clock.now()) as Duration);
    }
  }

  async #send(sender: Socket): Promise<void> {
    const { clock, signal } = this.#context;
    const { first, probes } = this.#settings;
    const index = this.#probes.length;
    sender.setsockopt("IP_TTL", first + Math.floor(index / probes));
    this.#probes.push({ sentAt: clock.now() });
    await sender.sendto(
      new Uint8Array(DATA_LENGTH).fill(0x40),
      { address: this.#to, port: FIRST_PORT + index },
      { signal },
    );
  }

  async #receive(listener: Socket, port: number, timeout: Duration): Promise<void> {
    const { clock, signal } = this.#context;
    try {
      const { data, from } = await listener.recvfrom(65_535, { timeout, signal });
      const message = readIcmpMessage(data);
      if (message !== undefined) this.#answered(message, from.address, port, clock.now());
    } catch (error) {
      if (!(error instanceof SocketError && error.code === "EAGAIN")) throw error;
    }
  }

  #answered(message: IcmpMessage, from: string, port: number, now: Instant): void {
    const { type, code, about } = message;
    if (about?.protocol !== PROTOCOL_UDP || about.destination !== this.#to || about.view.getUint16(0) !== port) return;
    const probe = this.#probes[about.view.getUint16(2) - FIRST_PORT];
    if (probe === undefined || probe.answer !== undefined) return;
    const isLast = type === ICMP_UNREACHABLE;
    if (!isLast && type !== ICMP_TIME_EXCEEDED) return;
    const mark = isLast ? (MARKS[code] ?? ` !<${code}>`) : "";
    probe.answer = { from, time: (now - probe.sentAt) as Duration, mark, isLast };
  }

  /** Writes the lines of hops all of whose probes have ended. @returns whether that was the last */
  async #tell(isWaiting: (probe: Probe) => boolean, total: number): Promise<boolean> {
    const { first, probes } = this.#settings;
    while (this.#told + probes <= this.#probes.length) {
      const hop = this.#probes.slice(this.#told, this.#told + probes);
      if (hop.some(isWaiting)) return false;
      const number = first + this.#told / probes;
      await print(this.#context, `${String(number).padStart(2)} ${this.#line(hop)}`);
      this.#told += probes;
      if (hop.some(({ answer }) => answer?.isLast)) return true;
    }
    return this.#told >= total;
  }

  #line(hop: readonly Probe[]): string {
    let last: string | undefined;
    return hop
      .map(({ answer }) => {
        if (answer === undefined) return " *";
        const who = this.#settings.numeric ? answer.from : `${answer.from} (${answer.from})`;
        const name = answer.from === last ? "" : ` ${who}`;
        last = answer.from;
        return `${name}  ${(answer.time / 1e6).toFixed(3)} ms${answer.mark}`;
      })
      .join("");
  }
}

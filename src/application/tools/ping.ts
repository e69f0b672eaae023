import { type CallOptions, type Socket, SocketError } from "../../socket/socket.ts";
import { after, type Duration, type Instant } from "../../time/instant.ts";
import { ICMP_HEADER_LENGTH } from "../../wire/icmpv4.ts";
import { IPV4_HEADER_LENGTH, PROTOCOL_ICMP } from "../../wire/ipv4.ts";
import type { Command, CommandContext } from "../shell/command.ts";
import { readNumber, readOptions } from "../shell/options.ts";
import { describeReport, echoRequest, isEchoReply, readIcmpMessage } from "./echo-message.ts";
import { describeError, lookUp, print } from "./output.ts";
import { formatRoundTrip, PingStatistics } from "./ping-statistics.ts";

const USAGE =
  "[-bnq] [-c count] [-i interval] [-I address] [-Q tos] [-s size] [-t ttl] [-w deadline] [-W timeout] destination";
/** How long the last answers are waited for when none has come (iputils MAXWAIT). */
const LINGER = 10;
/** Data shorter than this have no room for the time at which they were sent. */
const TIME_LENGTH = 16;
const LARGEST_DATA = 65_507;
/** Shortest interval that is allowed to who is not root. */
const SHORTEST_INTERVAL = 0.002;

/** Sends ICMP echo requests and tells what comes back: options, words and exit status are those of iputils. */
export const ping: Command = {
  name: "ping",
  summary: "Send ICMP echo requests to a host.",
  usage: USAGE,
  async run(context, args) {
    const settings = readSettings(args);
    if (typeof settings === "string") {
      context.io.stderr(`ping: ${settings}\n`);
      return settings.startsWith("invalid option") || settings.startsWith("option requires") ? 2 : 1;
    }
    const found = await lookUp(context, settings.destination);
    if (typeof found === "string") {
      context.io.stderr(`ping: ${settings.destination}: ${found}\n`);
      return 2;
    }
    return await new Ping(context, settings, found.address).run();
  },
};

interface PingSettings {
  readonly destination: string;
  readonly count: number;
  /** Seconds. */
  readonly interval: number;
  readonly size: number;
  readonly hopLimit: number | undefined;
  readonly trafficClass: number;
  readonly source: string | undefined;
  /** Seconds until it ends whatever has come. */
  readonly deadline: number;
  readonly linger: number;
  readonly quiet: boolean;
  readonly broadcast: boolean;
}

function readSettings(args: readonly string[]): PingSettings | string {
  const options = readOptions(args, "4bnqc:i:I:Q:s:t:w:W:");
  if (typeof options === "string") return options;
  const { given, operands } = options;
  const problems: string[] = [];
  const number = <T>(letter: string, low: number, high: number, otherwise: T): number | T => {
    const text = given.get(letter);
    if (text === undefined) return otherwise;
    const value = readNumber(text, low, high);
    const isWhole = value !== undefined && ("iwW".includes(letter) || Number.isInteger(value));
    if (!isWhole) problems.push(`invalid argument: '${text}'`);
    return isWhole ? value : otherwise;
  };
  const settings = {
    count: number("c", 1, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY),
    interval: number("i", 0, 2_147_483, 1),
    size: number("s", 0, LARGEST_DATA, 56),
    hopLimit: number("t", 1, 255, undefined),
    trafficClass: number("Q", 0, 255, 0),
    source: given.get("I"),
    deadline: number("w", 0, 2_147_483, 0) || Number.POSITIVE_INFINITY,
    linger: number("W", 0, 2_147_483, 0) || LINGER,
    quiet: given.has("q"),
    broadcast: given.has("b"),
  };
  const [problem] = problems;
  if (problem !== undefined) return problem;
  const destination = operands.at(-1);
  if (destination === undefined) return "usage error: Destination address required";
  if (settings.interval < SHORTEST_INTERVAL) {
    return "cannot flood, minimal interval for user must be >= 2 ms, use -i 0.002 (or higher)";
  }
  return { ...settings, destination };
}

class Ping {
  readonly #context: CommandContext;
  readonly #settings: PingSettings;
  readonly #address: string;
  readonly #identifier: number;
  readonly #statistics = new PingStatistics();

  constructor(context: CommandContext, settings: PingSettings, address: string) {
    this.#context = context;
    this.#settings = settings;
    this.#address = address;
    this.#identifier = context.random.below(0x10000);
  }

  async run(): Promise<number> {
    const { sockets, io } = this.#context;
    let socket: Socket | undefined;
    try {
      socket = sockets.socket("inet", "raw", PROTOCOL_ICMP);
      await this.#prepare(socket);
      return await this.#exchange(socket);
    } catch (error) {
      if (error instanceof SocketError && error.code === "EACCES") {
        io.stderr("ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n");
      } else io.stderr(`ping: ${error instanceof SocketError ? error.syscall : ""}: ${describeError(error)}\n`);
      return 2;
    } finally {
      await socket?.close();
    }
  }

  async #prepare(socket: Socket): Promise<void> {
    const { source, hopLimit, trafficClass, broadcast } = this.#settings;
    if (hopLimit !== undefined) socket.setsockopt("IP_TTL", hopLimit);
    socket.setsockopt("IP_TOS", trafficClass);
    socket.setsockopt("SO_BROADCAST", broadcast);
    if (source !== undefined) await socket.bind({ address: source, port: 0 });
    // As iputils: what has no way, or no leave, is told before the first line.
    const probe = this.#context.sockets.socket("inet", "dgram");
    try {
      probe.setsockopt("SO_BROADCAST", broadcast);
      await probe.connect({ address: this.#address, port: 1025 });
    } finally {
      await probe.close();
    }
  }

  async #exchange(socket: Socket): Promise<number> {
    const { destination, size, quiet, count, deadline } = this.#settings;
    const statistics = this.#statistics;
    const total = size + ICMP_HEADER_LENGTH + IPV4_HEADER_LENGTH;
    await print(this.#context, `PING ${destination} (${this.#address}) ${size}(${total}) bytes of data.`);
    try {
      await this.#loop(socket, quiet);
    } catch (error) {
      if (!this.#context.signal.aborted) throw error;
    }
    await print(this.#context, ...statistics.lines(destination, size >= TIME_LENGTH));
    const isShort = deadline < Number.POSITIVE_INFINITY && count < Number.POSITIVE_INFINITY;
    return statistics.received === 0 || (isShort && statistics.received < count) ? 1 : 0;
  }

  async #loop(socket: Socket, quiet: boolean): Promise<void> {
    const { clock } = this.#context;
    const { count, interval, deadline } = this.#settings;
    const statistics = this.#statistics;
    const end = clock.now() + deadline * 1e9;
    let next = clock.now();
    let until = next;
    while (statistics.received + statistics.errors < count && clock.now() < end) {
      if (statistics.sent < count && clock.now() >= next) {
        await this.#send(socket);
        next = after(next, (interval * 1e9) as Duration);
        until = statistics.sent < count ? next : after(clock.now(), this.#lastWait());
      }
      const wait = Math.min(until, end) - clock.now();
      const line = wait > 0 ? await this.#receive(socket, Math.ceil(wait) as Duration) : undefined;
      if (line === undefined && statistics.sent >= count) return;
      if (line !== undefined && line !== "" && !quiet) await print(this.#context, line);
    }
  }

  /** How long answers to the last request are waited for. */
  #lastWait(): Duration {
    const { interval, linger } = this.#settings;
    const { received, longest } = this.#statistics;
    return Math.ceil(received > 0 ? Math.max(2000 * longest, interval * 1e9) : linger * 1e9) as Duration;
  }

  async #send(socket: Socket): Promise<void> {
    const { clock, io, signal } = this.#context;
    const sequence = this.#statistics.send(clock.now());
    const request = echoRequest(this.#identifier, sequence, this.#settings.size);
    try {
      await socket.sendto(request, { address: this.#address, port: 0 }, { signal });
    } catch (error) {
      io.stderr(`ping: sendmsg: ${describeError(error)}\n`);
      this.#statistics.fail(sequence);
    }
  }

  /** @returns the line about what came, empty when it was not for us; undefined when nothing came in time */
  async #receive(socket: Socket, timeout: Duration): Promise<string | undefined> {
    const options: CallOptions = { timeout, signal: this.#context.signal };
    try {
      const { data, from } = await socket.recvfrom(65_535, options);
      return this.#describe(data, from.address, this.#context.clock.now());
    } catch (error) {
      if (error instanceof SocketError && error.code === "EAGAIN") return undefined;
      throw error;
    }
  }

  #describe(datagram: Uint8Array, from: string, now: Instant): string {
    const message = readIcmpMessage(datagram);
    if (message === undefined) return "";
    if (isEchoReply(message)) {
      if (message.identifier !== this.#identifier) return "";
      const { sequence, length, hopLimit } = message;
      const answer = this.#statistics.receive(sequence, now);
      if (answer === undefined) return "";
      const time = this.#settings.size >= TIME_LENGTH ? ` time=${formatRoundTrip(answer.roundTrip)} ms` : "";
      return `${length} bytes from ${from}: icmp_seq=${sequence} ttl=${hopLimit}${time}${answer.duplicate ? " (DUP!)" : ""}`;
    }
    const { about } = message;
    if (about?.protocol !== PROTOCOL_ICMP || about.view.getUint8(0) !== 8) return "";
    if (about.view.getUint16(4) !== this.#identifier) return "";
    const sequence = about.view.getUint16(6);
    if (!this.#statistics.fail(sequence)) return "";
    return `From ${from} icmp_seq=${sequence} ${describeReport(message)}`;
  }
}

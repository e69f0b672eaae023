import type { SocketAddress } from "../../address/endpoint.ts";
import { formatIp, ip } from "../../address/ip.ts";
import type { Host } from "../../device/host.ts";
import { type Socket, SocketError } from "../../socket/socket.ts";
import { readableAtOnce } from "../../transport/tcp/urgent.ts";
import { CONSTANTS } from "./constants.ts";
import { asResult, attempt, type Descriptor, NO_WAIT, type Result } from "./descriptor.ts";
import type { Flows } from "./flow.ts";
import type { ScriptSettings } from "./options.ts";
import { poll } from "./poll.ts";
import type { Call, Value } from "./script.ts";
import { ScriptError } from "./script-error.ts";
import { getOption, setOption } from "./socket-options.ts";
import { receive, send } from "./transfer.ts";
import { Arguments } from "./values.ts";

/** What a call gave: its result, and what else is not as the script expects. */
export interface Outcome {
  readonly result: Result;
  readonly wrong?: string;
}

/** What a call needs. */
interface Work {
  readonly args: Arguments;
  /** The number that the script gives to a new descriptor. */
  readonly expected: Value | undefined;
}

const NON_BLOCKING = CONSTANTS.O_NONBLOCK as number;
/** Of one call; more would be a slip of the pen. */
const LARGEST_TRANSFER = 1 << 28;

/** The system calls of a script, on the sockets of the host under test. */
export class Calls {
  readonly #host: Host;
  readonly #settings: ScriptSettings;
  readonly #flows: Flows;
  readonly #descriptors = new Map<number, Descriptor>();
  /** Told what was passed over. */
  readonly #note: (line: number, text: string) => void;

  constructor(host: Host, settings: ScriptSettings, flows: Flows, note: (line: number, text: string) => void) {
    this.#host = host;
    this.#settings = settings;
    this.#flows = flows;
    this.#note = note;
  }

  /** Begins a call. @throws ScriptError for one that is not known */
  async start(line: number, call: Call): Promise<Outcome> {
    const { name } = call;
    const work = { args: new Arguments(line, call.args), expected: call.result };
    const known = Object.hasOwn(this.#calls, name) ? this.#calls[name] : undefined;
    if (known === undefined) throw new ScriptError(line, `the call ${name} is not supported`);
    const outcome = await known(work);
    return typeof outcome === "object" ? outcome : { result: outcome };
  }

  readonly #calls: Readonly<Record<string, (work: Work) => Promise<Result | Outcome> | Result | Outcome>> = {
    socket: (work) => this.#socket(work),
    bind: ({ args }) => this.#with(args, (descriptor) => this.#bind(descriptor, args)),
    listen: ({ args }) => this.#with(args, (descriptor) => this.#listen(descriptor, args)),
    accept: (work) => this.#accept(work, 0),
    accept4: (work) => this.#accept(work, flagsOf(work.args.at(3))),
    connect: ({ args }) => this.#with(args, (descriptor) => this.#connect(descriptor, args)),
    read: ({ args }) => this.#receive(args, args.number(2), 0),
    recv: ({ args }) => this.#receive(args, args.number(2), args.number(3)),
    recvfrom: ({ args }) => this.#receive(args, args.number(2), args.number(3)),
    readv: ({ args }) => this.#receive(args, args.vectorLength(args.at(1)), 0),
    recvmsg: ({ args }) =>
      this.#receive(args, args.vectorLength(args.fields(args.at(1)).get("msg_iov")), args.number(2)),
    write: ({ args }) => this.#send(args, args.number(2), 0),
    send: ({ args }) => this.#send(args, args.number(2), args.number(3)),
    sendto: ({ args }) => this.#send(args, args.number(2), args.number(3), args.address(4, this.#remote)),
    writev: ({ args }) => this.#send(args, args.vectorLength(args.at(1)), 0),
    sendmsg: ({ args }) => this.#send(args, args.vectorLength(args.fields(args.at(1)).get("msg_iov")), args.number(2)),
    shutdown: ({ args }) => this.#with(args, ({ socket }) => done(socket.shutdown(howOf(args)))),
    close: ({ args }) =>
      this.#with(args, ({ socket }) => {
        this.#descriptors.delete(args.number(0));
        return done(socket.close());
      }),
    fcntl: ({ args }) => this.#with(args, (descriptor) => this.#fcntl(descriptor, args)),
    ioctl: ({ args }) => this.#with(args, (descriptor) => this.#ioctl(descriptor, args)),
    setsockopt: (work) => this.#with(work.args, (descriptor) => this.#setOption(descriptor, work)),
    getsockopt: (work) => this.#with(work.args, (descriptor) => this.#getOption(descriptor, work)),
    getsockname: ({ args }) => this.#with(args, ({ socket }) => attempt(() => named(socket.getsockname()))),
    getpeername: ({ args }) => this.#with(args, ({ socket }) => attempt(() => named(socket.getpeername()))),
    poll: ({ args }) => poll(args, (fd) => this.#descriptors.get(fd), this.#host.loopback.scheduler),
  };

  get #remote(): SocketAddress {
    return { address: formatIp(this.#settings.remoteAddress), port: this.#settings.connectPort };
  }

  /** A call on a descriptor; on one that is not open it gives EBADF. */
  #with<T>(args: Arguments, work: (descriptor: Descriptor) => T): T | Result {
    const descriptor = this.#descriptors.get(args.number(0));
    return descriptor === undefined ? "EBADF" : work(descriptor);
  }

  /** Opens a descriptor under the number that the script gives it. */
  #open(expected: Value | undefined, descriptor: Descriptor): number {
    let fd = expected?.kind === "number" && expected.value >= 0 ? expected.value : 3;
    while (this.#descriptors.has(fd)) fd++;
    this.#descriptors.set(fd, descriptor);
    return fd;
  }

  #socket({ args, expected }: Work): Result {
    const [type = "", ...flags] = args.name(1).split("|");
    const kind =
      { SOCK_STREAM: "stream", SOCK_DGRAM: "dgram", SOCK_RAW: "raw" }[type] ?? args.fail(`no type of socket: ${type}`);
    const family = /^[AP]F_INET6$/.test(args.name(0)) ? "inet6" : "inet";
    const nonBlocking = flags.some((flag) => (Number(flag) & NON_BLOCKING) !== 0);
    return attempt(() => {
      const socket = this.#host.sockets.socket(family, kind as Socket["type"]);
      return this.#open(expected, { socket, nonBlocking, connection: undefined, chosen: new Set() });
    });
  }

  #bind({ socket }: Descriptor, args: Arguments): Promise<Result> {
    const at = args.address(1, { address: formatIp(this.#settings.localAddress), port: this.#settings.bindPort });
    const bound = socket.bind(at).then(() => {
      this.#flows.bound(socket.getsockname().port);
      return 0;
    });
    return asResult(bound);
  }

  #listen({ socket }: Descriptor, args: Arguments): Promise<Result> {
    const listening = socket.listen(args.number(1)).then(() => {
      this.#flows.bound(socket.getsockname().port);
      return 0;
    });
    return asResult(listening);
  }

  #accept({ args, expected }: Work, flags: number): Promise<Result> | Result {
    return this.#with(args, ({ socket, nonBlocking }) => {
      const accepted = socket.accept(nonBlocking ? NO_WAIT : {}).then((own) => {
        const descriptor = {
          socket: own,
          nonBlocking: (flags & NON_BLOCKING) !== 0,
          connection: undefined,
          chosen: new Set<string>(),
        };
        this.#lookBeneath(descriptor);
        return this.#open(expected, descriptor);
      });
      return asResult(accepted);
    });
  }

  #connect(descriptor: Descriptor, args: Arguments): Promise<Result> {
    const { socket, connection, nonBlocking } = descriptor;
    const to = args.address(1, this.#remote);
    const connected = asResult(socket.connect(to, nonBlocking ? NO_WAIT : {}).then(() => 0));
    this.#lookBeneath(descriptor, to);
    const began =
      socket.type === "dgram" || (descriptor.connection !== undefined && descriptor.connection !== connection);
    if (began) this.#flows.opened(socket.getsockname().port, ip(to.address), to.port);
    return connected;
  }

  /** Finds the connection of a socket. @param to its far end; asked of it unless given */
  #lookBeneath(descriptor: Descriptor, to?: SocketAddress): void {
    const { socket } = descriptor;
    if (socket.type !== "stream") return;
    try {
      const [local, remote] = [socket.getsockname(), to ?? socket.getpeername()];
      const found = [...this.#host.tcp.connections].find(
        (each) =>
          each.localPort === local.port && each.remotePort === remote.port && each.remoteAddress === ip(remote.address),
      );
      descriptor.connection = found ?? descriptor.connection;
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
    }
  }

  #receive(args: Arguments, size: number, flags: number): Promise<Result> | Result {
    const { MSG_ERRQUEUE = 0 } = CONSTANTS;
    if (flags & MSG_ERRQUEUE) args.fail("MSG_ERRQUEUE is not supported");
    return this.#with(args, (descriptor) => receive(descriptor, size, flags));
  }

  #send(args: Arguments, size: number, flags: number, to?: SocketAddress): Promise<Result> | Result {
    const { MSG_FASTOPEN = 0, MSG_ZEROCOPY = 0 } = CONSTANTS;
    if (flags & MSG_FASTOPEN) args.fail("MSG_FASTOPEN is not supported");
    if (flags & MSG_ZEROCOPY) this.#note(args.line, "MSG_ZEROCOPY is passed over");
    if (size < 0 || size > LARGEST_TRANSFER) args.fail(`${size} bytes cannot be sent at once`);
    const data = new Uint8Array(size);
    return this.#with(args, (descriptor) => {
      if (to !== undefined && descriptor.socket.type === "dgram") {
        this.#flows.opened(descriptor.socket.getsockname().port, ip(to.address), to.port);
      }
      return send(descriptor, data, flags, to);
    });
  }

  #fcntl(descriptor: Descriptor, args: Arguments): Result {
    const command = args.name(1);
    const { O_RDWR = 0 } = CONSTANTS;
    if (command === "F_GETFL") return O_RDWR | (descriptor.nonBlocking ? NON_BLOCKING : 0);
    if (command === "F_SETFL") descriptor.nonBlocking = (args.number(2) & NON_BLOCKING) !== 0;
    else if (command !== "F_SETFD" && command !== "F_GETFD") args.fail(`fcntl does not know ${command}`);
    return 0;
  }

  #ioctl({ socket, connection }: Descriptor, args: Arguments): Outcome {
    const request = args.name(1);
    const counts: Readonly<Record<string, number | undefined>> = {
      SIOCINQ: connection && readableAtOnce(connection),
      FIONREAD: connection && readableAtOnce(connection),
      SIOCOUTQ: connection?.sendBuffer.length,
      SIOCATMARK: Number(socket.atMark()),
    };
    if (!Object.hasOwn(counts, request)) args.fail(`ioctl does not know ${request}`);
    const [expected, came] = [args.number(2), counts[request] ?? 0];
    return { result: 0, ...(expected === came ? {} : { wrong: `${request}: expected ${expected}, came ${came}` }) };
  }

  #setOption(descriptor: Descriptor, { args, expected }: Work): Result {
    return setOption(descriptor, args) ?? this.#skipped("setsockopt", args, expected);
  }

  #getOption(descriptor: Descriptor, { args, expected }: Work): Result | Outcome {
    return getOption(descriptor, args) ?? this.#skipped("getsockopt", args, expected);
  }

  /** An option of other systems: what the script expects is taken for granted, unless that is a refusal. */
  #skipped(call: string, args: Arguments, expected: Value | undefined): Result {
    if (expected?.kind !== "number" || expected.value < 0) return "ENOPROTOOPT";
    this.#note(args.line, `${call} of ${args.name(2)} is passed over: our sockets do not have it`);
    return expected.value;
  }
}

const done = (call: Promise<void>): Promise<Result> => asResult(call.then(() => 0));

/** A name that was told, which scripts do not look at. */
const named = (_name: SocketAddress): number => 0;

/** SOCK_NONBLOCK and the like, by themselves. */
const flagsOf = (value: Value): number => (value.kind === "number" ? value.value : 0);

function howOf(args: Arguments): "read" | "write" | "both" {
  const name = args.name(1);
  const how = { SHUT_RD: "read", SHUT_WR: "write", SHUT_RDWR: "both", "0": "read", "1": "write", "2": "both" }[name];
  return (how ?? name) as "read" | "write" | "both"; // any other is refused
}

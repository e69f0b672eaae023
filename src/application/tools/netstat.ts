import type { HostSnapshot } from "../../device/host.ts";
import type { Command } from "../shell/command.ts";
import { readOptions } from "../shell/options.ts";
import { print } from "./output.ts";
import { routeLines } from "./routes.ts";

/** Shows connections and who listens as net-tools do, all in numbers; with -r the routing table. */
export const netstat: Command = {
  name: "netstat",
  summary: "Show connections, listening sockets and routes.",
  usage: "[-altunr]",
  async run(context, args) {
    const options = readOptions(args, "4altunr");
    if (typeof options === "string" || options.operands.length > 0) {
      const why = typeof options === "string" ? options : `unexpected argument '${options.operands[0]}'`;
      context.io.stderr(`netstat: ${why}\n`);
      return 1;
    }
    const { given } = options;
    if (given.has("r")) await print(context, ...routeLines(context, given.has("n"), "netstat"));
    else await print(context, ...connectionLines(context.host.snapshot(), given));
    return 0;
  },
};

interface Line {
  readonly protocol: "tcp" | "udp";
  readonly receiveQueue: number;
  readonly sendQueue: number;
  readonly local: string;
  readonly remote: string | undefined;
  readonly state: string;
  /** Nobody is at its other end. */
  readonly serves: boolean;
}

function connectionLines(snapshot: HostSnapshot, given: ReadonlyMap<string, string>): string[] {
  const which = given.has("a") ? "all" : given.has("l") ? "servers" : "connections";
  const both = given.has("t") === given.has("u");
  const isShown = ({ protocol, serves }: Line): boolean =>
    (both || given.has(protocol === "tcp" ? "t" : "u")) && (which === "all" || serves === (which === "servers"));
  const title = { all: "servers and established", servers: "only servers", connections: "w/o servers" }[which];
  return [
    `Active Internet connections (${title})`,
    "Proto Recv-Q Send-Q Local Address           Foreign Address         State      ",
    ...linesOf(snapshot).filter(isShown).map(format),
  ];
}

function linesOf({ tcp, udp }: HostSnapshot): Line[] {
  const listening = tcp.listening.map(({ local, pending }) => ({
    ...{ protocol: "tcp" as const, receiveQueue: pending, sendQueue: 0, local, remote: undefined },
    ...{ state: "LISTEN", serves: true },
  }));
  const connections = tcp.connections.map(({ local, remote, state, receiveQueue, sendQueue }) => ({
    ...{ protocol: "tcp" as const, receiveQueue, sendQueue, local, remote },
    ...{ state: stateText(state), serves: false },
  }));
  const datagrams = udp.endpoints.map(({ local, remote, waiting }) => ({
    ...{ protocol: "udp" as const, receiveQueue: waiting.bytes, sendQueue: 0, local, remote },
    ...{ state: remote === undefined ? "" : "ESTABLISHED", serves: remote === undefined },
  }));
  return [...listening, ...connections, ...datagrams];
}

/** Linux's word for a state of RFC 9293 §3.3.2. */
function stateText(state: string): string {
  const words: Readonly<Record<string, string>> = {
    "SYN-RECEIVED": "SYN_RECV",
    "FIN-WAIT-1": "FIN_WAIT1",
    "FIN-WAIT-2": "FIN_WAIT2",
    CLOSED: "CLOSE",
  };
  return words[state] ?? state.replaceAll("-", "_");
}

function format({ protocol, receiveQueue, sendQueue, local, remote = "0.0.0.0:*", state }: Line): string {
  const queues = `${String(receiveQueue).padStart(6)} ${String(sendQueue).padStart(6)}`;
  return `${protocol.padEnd(5)} ${queues} ${local.padEnd(23)} ${remote.padEnd(23)} ${state.padEnd(11)}`;
}

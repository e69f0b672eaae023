import type { HostSnapshot } from "../../device/host.ts";
import type { Command } from "../shell/command.ts";
import { readOptions } from "../shell/options.ts";
import { print } from "./output.ts";

type Connection = HostSnapshot["tcp"]["connections"][number];

interface Row {
  readonly protocol: "udp" | "tcp";
  readonly state: string;
  readonly receiveQueue: number;
  readonly sendQueue: number;
  readonly local: string;
  readonly peer: string;
  readonly connection?: Connection;
}

const STATES: Readonly<Record<string, string>> = {
  CLOSED: "UNCONN",
  ESTABLISHED: "ESTAB",
  "SYN-RECEIVED": "SYN-RECV",
};

const LONG = { all: "a", listening: "l", tcp: "t", udp: "u", numeric: "n", info: "i", ipv4: "4", "no-header": "H" };

/** Shows sockets as iproute2 does, all in numbers. */
export const ss: Command = {
  name: "ss",
  summary: "Show sockets: who listens, and who is connected.",
  usage: "[-4aHilntu]",
  async run(context, args) {
    const options = readOptions(args, "4aHilntu", LONG);
    if (typeof options === "string" || options.operands.length > 0) {
      const why = typeof options === "string" ? options : "there are no filters here";
      context.io.stderr(`ss: ${why}\nUsage: ss ${ss.usage}\n`);
      return 255;
    }
    const { given } = options;
    const both = given.has("t") === given.has("u");
    const isShown = ({ protocol, state }: Row): boolean => {
      if (!both && !given.has(protocol === "tcp" ? "t" : "u")) return false;
      const listens = state === "LISTEN" || state === "UNCONN";
      return given.has("a") || listens === given.has("l");
    };
    const rows = rowsOf(context.host.snapshot()).filter(isShown);
    await print(context, ...lines(rows, { netid: both, header: !given.has("H"), info: given.has("i") }));
    return 0;
  },
};

function rowsOf({ tcp, udp }: HostSnapshot): Row[] {
  return [
    ...udp.endpoints.map(
      ({ local, remote, waiting }): Row => ({
        ...{ protocol: "udp", state: remote === undefined ? "UNCONN" : "ESTAB" },
        ...{ receiveQueue: waiting.bytes, sendQueue: 0, local, peer: remote ?? "0.0.0.0:*" },
      }),
    ),
    ...tcp.listening.map(
      ({ local, pending, backlog }): Row => ({
        ...{ protocol: "tcp", state: "LISTEN", receiveQueue: pending, sendQueue: backlog, local, peer: "0.0.0.0:*" },
      }),
    ),
    ...tcp.connections.map(
      (connection): Row => ({
        ...{ protocol: "tcp", state: STATES[connection.state] ?? connection.state },
        ...{ receiveQueue: connection.receiveQueue, sendQueue: connection.sendQueue },
        ...{ local: connection.local, peer: connection.remote, connection },
      }),
    ),
  ];
}

interface Form {
  readonly netid: boolean;
  readonly header: boolean;
  readonly info: boolean;
}

/** Columns as wide as what stands in them; addresses end, and ports begin, at a colon. */
function lines(rows: readonly Row[], { netid, header, info }: Form): string[] {
  const cells = rows.map(({ protocol, state, receiveQueue, sendQueue, local, peer }) => [
    ...(netid ? [protocol] : []),
    ...[state, String(receiveQueue), String(sendQueue)],
    ...[...split(local), ...split(peer)],
  ]);
  const heads = [
    ...(netid ? ["Netid"] : []),
    "State",
    "Recv-Q",
    "Send-Q",
    "Local Address",
    "Port",
    "Peer Address",
    "Port",
  ];
  const all = header ? [heads, ...cells] : cells;
  const widths = heads.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const first = netid ? 4 : 3;
  const format = (line: readonly string[]): string => {
    const words = line.map((cell, column) => {
      const width = widths[column] ?? 0;
      const isAddress = column === first || column === first + 2;
      return isAddress ? cell.padStart(width) : cell.padEnd(width);
    });
    const [local, localPort, peer, peerPort] = words.slice(first);
    return `${words.slice(0, first).join(" ")} ${local}:${localPort} ${peer}:${peerPort}`;
  };
  return [
    ...(header ? [`${format(heads)} Process`] : []),
    ...rows.flatMap(({ connection }, row) => [
      `${format(cells[row] ?? [])} `,
      ...(info && connection !== undefined ? [`\t ${infoOf(connection)}`] : []),
    ]),
  ];
}

const split = (endpoint: string): [address: string, port: string] => {
  const colon = endpoint.lastIndexOf(":");
  return [endpoint.slice(0, colon), endpoint.slice(colon + 1)];
};

/** What TCP knows of a connection, in iproute2's words. */
function infoOf(c: Connection): string {
  const milliseconds = (nanoseconds: number): string => String(Number((nanoseconds / 1e6).toFixed(3)));
  const words = [
    c.congestionControl,
    `rto:${milliseconds(c.timeout)}`,
    ...(c.roundTrip > 0 ? [`rtt:${milliseconds(c.roundTrip)}/${milliseconds(c.roundTripVariation)}`] : []),
    `mss:${c.segmentSize}`,
    `cwnd:${Math.max(1, Math.floor(c.congestionWindow / Math.max(1, c.segmentSize)))}`,
    ...(Number.isFinite(c.slowStartThreshold) ? [`ssthresh:${Math.floor(c.slowStartThreshold / c.segmentSize)}`] : []),
    ...(c.pacingRate > 0 ? [`pacing_rate ${Math.floor(c.pacingRate * 8)}bps`] : []),
    ...(c.flight > 0 ? [`unacked:${Math.ceil(c.flight / c.segmentSize)}`] : []),
    ...(c.resent > 0 ? [`retrans:0/${c.resent}`] : []),
    `rcv_space:${c.receiveWindow}`,
    ...(Number.isFinite(c.shortestRoundTrip) ? [`minrtt:${milliseconds(c.shortestRoundTrip)}`] : []),
  ];
  return words.join(" ");
}

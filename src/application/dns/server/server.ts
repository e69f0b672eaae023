import type { SocketAddress } from "../../../address/endpoint.ts";
import { type Socket, SocketError } from "../../../socket/socket.ts";
import { after, between, type Duration, type Instant, seconds } from "../../../time/instant.ts";
import type { Program, ProgramContext } from "../../program.ts";
import { serveTcpAndUdp } from "../../tcp-and-udp.ts";
import { DNS_PORT, MESSAGE_LIMIT, SAFE_UDP_SIZE } from "../message.ts";
import { formatName } from "../name.ts";
import { framed } from "../resolver/exchange.ts";
import { Zones } from "../zone/zones.ts";
import { type DnsServerParameters, zonesOf } from "./parameters.ts";
import { type Response, respond } from "./respond.ts";

/** Of a stream: the longest message with its length, and as much more as comes with it. */
const STREAM_BUFFER = 2 * (2 + MESSAGE_LIMIT);

/** Answers datagrams until the program is to stop. */
async function serveDatagrams(socket: Socket, answer: Answer, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { data, from } = await receiveFrom(socket, signal);
    const response = answer(data, false, from);
    if (response === undefined) continue;
    await socket.sendto(response, from, { signal }).catch(() => undefined); // that client's fault, not the others'
  }
}

/** An error about an earlier answer is none of the next query's. */
async function receiveFrom(socket: Socket, signal: AbortSignal): ReturnType<Socket["recvfrom"]> {
  for (;;) {
    try {
      return await socket.recvfrom(MESSAGE_LIMIT, { signal });
    } catch (error) {
      if (!(error instanceof SocketError) || error.code !== "ECONNREFUSED") throw error;
    }
  }
}

type Answer = (bytes: Uint8Array, overTcp: boolean, from: SocketAddress) => Uint8Array | undefined;

/**
 * Answers the queries of a connection in their order, those that came together as well (RFC 7766 §6.2.1), until it ends, or
 * no whole query has come for so long, or no answer is taken.
 */
async function serveStream(
  { clock, signal }: ProgramContext,
  socket: Socket,
  answer: Answer,
  idle: Duration,
): Promise<void> {
  const from = socket.getpeername();
  const buffer = new Uint8Array(STREAM_BUFFER);
  let length = 0;
  let deadline = after(clock.now(), idle);
  for (;;) {
    const timeout = between(clock.now(), deadline);
    if (timeout <= 0) return;
    const bytes = await socket.recv(buffer.length - length, { signal, timeout });
    if (bytes.length === 0) return;
    buffer.set(bytes, length);
    length += bytes.length;
    let at = 0;
    for (let end = frameEnd(buffer, at, length); end > 0; end = frameEnd(buffer, at, length)) {
      const response = answer(buffer.slice(at + 2, end), true, from);
      at = end;
      if (response === undefined) return; // nobody who speaks DNS
      if (!(await sendAll(socket, framed(response), signal, idle))) return;
      deadline = after(clock.now(), idle) as Instant;
    }
    buffer.copyWithin(0, at, length);
    length -= at;
  }
}

/** Behind a message with its length, when all of it is there; else 0. */
function frameEnd(buffer: Uint8Array, at: number, length: number): number {
  if (at + 2 > length) return 0;
  const end = at + 2 + ((buffer[at] as number) << 8) + (buffer[at + 1] as number);
  return end > length ? 0 : end;
}

async function sendAll(socket: Socket, bytes: Uint8Array, signal: AbortSignal, timeout: Duration): Promise<boolean> {
  return (await socket.send(bytes, { signal, timeout })) === bytes.length;
}

async function run(context: ProgramContext, parameters: DnsServerParameters): Promise<void> {
  const { log } = context;
  const { address, port, clients, idle, udpBytes, logQueries } = parameters;
  const loaded = zonesOf(parameters);
  const [problem] = loaded.problems;
  if (problem !== undefined) throw new Error(problem.message);
  const zones = new Zones(loaded.zones);
  const answer: Answer = (bytes, overTcp, from) => {
    const response = respond(bytes, overTcp, { zones, udpBytes });
    if (response !== undefined && logQueries) log("answered", logged(response, from));
    return response?.bytes;
  };
  await serveTcpAndUdp(context, { address, port }, clients, {
    listening: (local) => log("listening", { ...local, zones: zones.count }),
    stream: (socket, signal) => serveStream({ ...context, signal }, socket, answer, idle),
    datagrams: (socket, _local, signal) => serveDatagrams(socket, answer, signal),
  });
}

function logged({ question, rcode }: Response, from: SocketAddress) {
  return { ...from, name: question ? formatName(question.name) : "-", type: question?.type ?? "-", rcode };
}

/** An authoritative name server (RFC 1034, RFC 1035). */
export const dnsServer: Program<DnsServerParameters> = {
  name: "dns-server",
  summary: "A name server for a domain of the network's hosts, and for zones from master files (RFC 1035).",
  parameters: {
    address: { type: "address", summary: "The address to listen on; 0.0.0.0 for all.", default: "0.0.0.0" },
    port: { type: "port", summary: "The port to listen on, UDP and TCP.", default: DNS_PORT },
    domain: { type: "domain", summary: "A domain under which all hosts of the network are.", default: null },
    records: { type: "texts", summary: "More records of the domain, as lines of a master file.", default: [] },
    zones: { type: "texts", summary: "Zones, each the text of a master file.", default: [] },
    zoneFiles: { type: "files", summary: "Zones, each a master file.", default: [] },
    ttl: { type: "duration", summary: "How long others may keep the domain's records.", default: seconds(3600) },
    clients: { type: "count", summary: "TCP clients at once; one more is closed at once.", default: 100 },
    idle: { type: "duration", summary: "How long a TCP client may take for a query.", default: seconds(10) },
    udpBytes: { type: "count", summary: "The longest answer on UDP; 512 at least.", default: SAFE_UDP_SIZE },
    logQueries: { type: "boolean", summary: "Whether each query is logged.", default: false },
  },
  messages: {
    listening: "Name server on {address}:{port}, UDP and TCP; zones: {zones}",
    answered: "{address}:{port} asked for {name} {type}: {rcode}",
  },
  check: (parameters) => zonesOf(parameters).problems,
  run,
};

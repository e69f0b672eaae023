import type { SocketAddress } from "../../../address/endpoint.ts";
import type { Random } from "../../../base/random.ts";
import type { Clock } from "../../../socket/clock.ts";
import { type Socket, SocketError, type Sockets } from "../../../socket/socket.ts";
import { connectTcp, writeAll } from "../../../socket/tcp.ts";
import { after, between, type Duration, type Instant, seconds } from "../../../time/instant.ts";
import { MESSAGE_LIMIT, type Message, message, SAFE_UDP_SIZE } from "../message.ts";
import { isSameName } from "../name.ts";
import { readMessage } from "../read-message.ts";
import type { Question } from "../record.ts";
import { writeMessage } from "../write-message.ts";

/** How long a server has for its answer; as Linux's resolver. */
export const ANSWER_TIME: Duration = seconds(5);
/** Datagrams that are not the answer, after which it is not waited for any longer: somebody guesses (RFC 5452 §9.3). */
export const STRAY_LIMIT = 100;

/** What an exchange stands on. */
export interface ExchangeParts {
  readonly sockets: Sockets;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ExchangeOptions {
  /** Until the last answer, where it is asked again; {@link ANSWER_TIME} unless given. */
  readonly timeout?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
  /** TCP from the beginning; else only where the answer did not fit into a datagram. */
  readonly tcp?: boolean | undefined;
  /** Leaves EDNS away, and with it answers of more than 512 bytes on UDP. */
  readonly plain?: boolean | undefined;
  /** RD: the server is to ask others; true unless given. */
  readonly recursion?: boolean | undefined;
  /** Told of each response: its bytes, and whether it came on TCP. */
  readonly onResponse?: ((length: number, tcp: boolean) => void) | undefined;
}

/**
 * Asks one server one question, from a port and with a number that nobody can guess (RFC 5452 §9.2), and takes only what
 * answers it. A truncated answer is asked for again on TCP (RFC 7766 §5), one that refuses EDNS without (RFC 6891 §7).
 * @throws SocketError ETIMEDOUT when no answer comes in time, EPROTO when what comes on TCP is none; as the calls of sockets
 *   do; the signal's reason when it aborts
 */
export async function exchange(
  parts: ExchangeParts,
  question: Question,
  server: SocketAddress,
  options: ExchangeOptions = {},
): Promise<Message> {
  const query = queryFor(parts.random, question, options);
  const deadline = after(parts.clock.now(), options.timeout ?? ANSWER_TIME);
  const response = options.tcp
    ? await exchangeStream(parts, query, server, deadline, options)
    : await exchangeDatagram(parts, query, server, deadline, options);
  const refusesEdns = response.rcode === "FORMERR" && response.edns === undefined && !options.plain;
  const isCut = response.truncated && !options.tcp;
  if (!refusesEdns && !isCut) return response;
  const change = refusesEdns ? { plain: true } : { tcp: true };
  return exchange(parts, question, server, { ...options, ...change, timeout: between(parts.clock.now(), deadline) });
}

function queryFor(random: Random, question: Question, { plain = false, recursion = true }: ExchangeOptions): Message {
  const edns = plain ? undefined : { udpSize: SAFE_UDP_SIZE, version: 0, dnssecOk: false, options: [] };
  return message({ id: random.below(2 ** 16), recursionDesired: recursion, questions: [question], edns });
}

/** The response to a query. @returns undefined when the bytes are anything else (RFC 5452 §9.1) */
function responseTo(query: Message, bytes: Uint8Array): Message | undefined {
  const read = readMessage(bytes);
  if (read === undefined || read.problem !== undefined) return undefined;
  const { message: response } = read;
  if (!response.response || response.id !== query.id || response.opcode !== query.opcode) return undefined;
  const [asked] = query.questions;
  const [echoed] = response.questions;
  // Who could not read the question cannot repeat it.
  if (echoed === undefined) return response.rcode === "FORMERR" || response.rcode === "NOTIMP" ? response : undefined;
  const same =
    response.questions.length === 1 &&
    asked !== undefined &&
    asked.type === echoed.type &&
    asked.class === echoed.class &&
    isSameName(asked.name, echoed.name);
  return same ? response : undefined;
}

/** The socket is connected, so that nothing arrives at it but what has the server's address and port as its source. */
async function exchangeDatagram(
  { sockets, clock }: ExchangeParts,
  query: Message,
  server: SocketAddress,
  deadline: Instant,
  { signal, onResponse }: ExchangeOptions,
): Promise<Message> {
  const socket = sockets.socket("inet", "dgram");
  try {
    await socket.connect(server);
    await socket.send(writeMessage(query), { signal });
    for (let strays = 0; strays <= STRAY_LIMIT; strays++) {
      const bytes = await receive(socket, MESSAGE_LIMIT, clock, deadline, signal);
      const response = responseTo(query, bytes);
      if (response === undefined) continue;
      onResponse?.(bytes.length, false);
      return response;
    }
    throw new SocketError("ETIMEDOUT", "recv", server);
  } finally {
    await socket.close();
  }
}

/** A connection for one exchange (RFC 7766 §6.2.1 lets a client that seldom asks do so). */
async function exchangeStream(
  { sockets, clock }: ExchangeParts,
  query: Message,
  server: SocketAddress,
  deadline: Instant,
  { signal, onResponse }: ExchangeOptions,
): Promise<Message> {
  const socket = await connectTcp(sockets, server, { signal, timeout: between(clock.now(), deadline) });
  try {
    await writeAll(socket, framed(writeMessage(query)), { signal });
    const [high = 0, low = 0] = await receiveAll(socket, 2, clock, deadline, signal);
    const bytes = await receiveAll(socket, high * 256 + low, clock, deadline, signal);
    const response = responseTo(query, bytes);
    if (response === undefined) throw new SocketError("EPROTO", "recv", server);
    onResponse?.(bytes.length, true);
    return response;
  } finally {
    await socket.close();
  }
}

/** A message with its length in front, as it stands in a stream (RFC 1035 §4.2.2). */
export function framed(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(2 + bytes.length);
  whole[0] = bytes.length >> 8;
  whole[1] = bytes.length;
  whole.set(bytes, 2);
  return whole;
}

async function receiveAll(
  socket: Socket,
  count: number,
  clock: Clock,
  deadline: Instant,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const all = new Uint8Array(count);
  for (let at = 0; at < count; ) {
    const bytes = await receive(socket, count - at, clock, deadline, signal);
    if (bytes.length === 0) throw new SocketError("ECONNRESET", "recv");
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

async function receive(
  socket: Socket,
  size: number,
  clock: Clock,
  deadline: Instant,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const left = between(clock.now(), deadline);
  try {
    if (left > 0) return await socket.recv(size, { signal, timeout: left });
  } catch (error) {
    if (!(error instanceof SocketError && error.code === "EAGAIN")) throw error;
  }
  throw new SocketError("ETIMEDOUT", "recv");
}

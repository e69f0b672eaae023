import type { SocketAddress } from "../../address/endpoint.ts";
import { errnoText } from "../../base/errno-text.ts";
import { NameError } from "../../socket/names.ts";
import { SocketError } from "../../socket/socket.ts";
import type { Duration } from "../../time/instant.ts";
import type { Message } from "../dns/message.ts";
import type { Question } from "../dns/record.ts";
import { type ExchangeOptions, exchange } from "../dns/resolver/exchange.ts";
import type { CommandContext } from "./command.ts";

/** What was asked, of whom, and what came of it. */
export interface Asked {
  readonly response: Message;
  readonly server: SocketAddress;
  /** Bytes of the response. */
  readonly length: number;
  readonly tcp: boolean;
  /** From the query that was answered to its answer. */
  readonly took: Duration;
}

/**
 * Asks the servers one question, each as often as told, as dig and nslookup do.
 * @param tell told of each that fails: `";; communications error to 10.0.0.53#53: timed out"`
 * @returns undefined when none has answered
 */
export async function ask(
  context: CommandContext,
  question: Question,
  servers: readonly SocketAddress[],
  { tries, ...options }: ExchangeOptions & { readonly tries: number },
  tell: (line: string) => void,
): Promise<Asked | undefined> {
  const { clock, signal } = context;
  for (let attempt = 0; attempt < tries; attempt++) {
    for (const server of servers) {
      const began = clock.now();
      let facts = { length: 0, tcp: false };
      const onResponse = (length: number, tcp: boolean): void => {
        if (tcp && !options.tcp) tell(";; Truncated, retrying in TCP mode.");
        facts = { length, tcp };
      };
      try {
        const response = await exchange(context, question, server, { ...options, signal, onResponse });
        return { response, server, ...facts, took: (clock.now() - began) as Duration };
      } catch (error) {
        if (signal.aborted || !(error instanceof SocketError)) throw error;
        const why = error.code === "ETIMEDOUT" ? "timed out" : errnoText(error.code).toLowerCase();
        tell(`;; communications error to ${server.address}#${server.port}: ${why}`);
      }
    }
  }
  return undefined;
}

/** The addresses of a server by its name. @returns undefined when it has none */
export async function serversOf(
  { names, signal }: CommandContext,
  written: string,
  port: number,
): Promise<SocketAddress[] | undefined> {
  try {
    return (await names.lookup(written, { signal })).map((address) => ({ address, port }));
  } catch (error) {
    if (error instanceof NameError) return undefined;
    throw error;
  }
}

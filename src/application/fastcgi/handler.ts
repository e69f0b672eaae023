import type { Clock } from "../../socket/clock.ts";
import type { Duration } from "../../time/instant.ts";
import { ConnectionGone } from "../cgi/errors.ts";
import { scriptInput } from "../cgi/input.ts";
import { respondBy, type ScriptAnswer } from "../cgi/respond.ts";
import { metaVariables, requestPath, type ScriptPlace } from "../cgi/variables.ts";
import type { Handler, RequestInfo } from "../http/handler.ts";
import { plain } from "../http/plain.ts";
import type { Request } from "../http/request.ts";
import type { Log } from "../program.ts";
import type { Connections } from "./connections.ts";
import { Exchange, type ExchangeOptions } from "./exchange.ts";

/** A script as a responder finds it. */
export interface FastCgiScript extends ScriptPlace {
  /** The file, where the responder wants one. */
  readonly file?: string | undefined;
  readonly pathTranslated?: string | undefined;
}

export interface FastCgiOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly name: string;
  readonly connections: Connections;
  /** The script of a path, given as bytes that are each a character; undefined where there is none: 404. */
  readonly script: (path: string) => FastCgiScript | undefined;
  /** Variables beside those of RFC 3875. */
  readonly variables?: Iterable<readonly [name: string, value: string]> | undefined;
  /** As {@link ExchangeOptions} has them. */
  readonly keep: boolean;
  readonly own?: boolean | undefined;
  readonly idle: Duration;
  /** Bytes of a body of unknown length that are gathered; a longer one gets 411, or goes on without its length. */
  readonly gather: number;
  readonly withoutLength: "refuse" | "pass";
  /** Answers local redirects; this handler unless told. */
  readonly site?: Handler | undefined;
  /** Answers where there is no script: 404 unless told. */
  readonly otherwise?: Handler | undefined;
}

/** Lets responders answer by FastCGI, in the role of a web server. */
export function fastCgi(options: FastCgiOptions): Handler {
  const gateway = new FastCgiGateway(options);
  const { name, log, site = (request, info) => handler(request, info) } = options;
  const handler: Handler = async (request, info) => {
    const path = requestPath(request);
    const script = path === undefined ? undefined : options.script(path);
    if (script === undefined) return options.otherwise?.(request, info) ?? plain(404, "404 Not Found");
    const input = await scriptInput(request, options.gather);
    if (input.body !== null && input.length === undefined && options.withoutLength === "refuse") {
      return plain(411, "411 Length Required");
    }
    const ask = () => gateway.ask(request, info, script, input);
    return respondBy(ask, { gateway: name, log, site })(request, info);
  };
  return handler;
}

type Input = Awaited<ReturnType<typeof scriptInput>>;

class FastCgiGateway {
  readonly #options: FastCgiOptions;

  constructor(options: FastCgiOptions) {
    this.#options = options;
  }

  /** Asks once more where a kept connection had been closed meanwhile and nothing can have been done. */
  async ask(request: Request, info: RequestInfo, script: FastCgiScript, input: Input): Promise<ScriptAnswer> {
    const exchange: Omit<ExchangeOptions, "variables"> = {
      body: input.body,
      clock: this.#options.clock,
      idle: this.#options.idle,
      keep: this.#options.keep,
      own: this.#options.own ?? false,
      said: (line) => this.#options.log("script-said", { gateway: this.#options.name, line }),
      signal: info.signal,
    };
    const variables = [...this.#variables(request, info, script, input)];
    for (;;) {
      const lent = await this.#options.connections.lend(info.signal);
      const answer = new Exchange(lent.socket, { ...exchange, variables }, (reusable) => lent.giveBack(reusable));
      try {
        return { head: await answer.head(), body: answer };
      } catch (error) {
        const again = error instanceof ConnectionGone && lent.used && input.body === null;
        if (!again || !isSafe(request.method)) throw error;
      }
    }
  }

  *#variables(
    request: Request,
    info: RequestInfo,
    script: FastCgiScript,
    { length }: Input,
  ): Iterable<[string, string]> {
    const { file, pathTranslated } = script;
    yield* metaVariables(request, info, { place: script, contentLength: length, pathTranslated, authorization: true });
    yield ["REQUEST_URI", request.target];
    yield ["REQUEST_SCHEME", info.tls === undefined ? "http" : "https"];
    yield ["REMOTE_PORT", String(info.remote.port)];
    if (file !== undefined) yield ["SCRIPT_FILENAME", file];
    for (const [name, value] of this.#options.variables ?? []) yield [name, value];
  }
}

/** What may be asked twice (RFC 9110 §9.2.1). */
const isSafe = (method: string): boolean => method === "GET" || method === "HEAD" || method === "OPTIONS";

import type { Random } from "../base/random.ts";
import type { Clock } from "../socket/clock.ts";
import type { Names } from "../socket/names.ts";
import type { Sockets } from "../socket/socket.ts";
import type { Tls } from "../socket/tls.ts";
import type { Compression } from "./compression.ts";
import type { Scripts } from "./script/scripts.ts";

/** What a program is given, and all it may use. One source runs on virtual hosts and on the operating system. */
export interface ProgramContext {
  readonly sockets: Sockets;
  readonly names: Names;
  /** Absent where the engine has none: a program that needs it fails with EPROTONOSUPPORT. */
  readonly tls?: Tls | undefined;
  /** Absent where the engine has none. */
  readonly compression?: Compression | undefined;
  /** Absent where the engine has none. */
  readonly scripts?: Scripts | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /**
   * Waits for something outside the network (TLS, compression, files): on a virtual host, virtual time stands still
   * meanwhile. @param name what it is, for people: `"gzip"`
   */
  readonly work: <T>(promise: Promise<T>, name: string) => Promise<T>;
  /** Aborts when the program is asked to stop. */
  readonly signal: AbortSignal;
}

/** Writes a line of a program's log: a code of its {@link Program.messages} and what fills the gaps. */
export type Log = (code: string, parameters?: LogParameters) => void;
export type LogParameters = Readonly<Record<string, string | number>>;

/** A program that a network file can name. */
export interface Program<Parameters extends object = object> {
  /** As a network file names it: `"chat-server"`. */
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  readonly parameters: { readonly [Name in keyof Parameters]-?: ParameterSpec };
  /** English by code; `{name}` is filled from the parameters. */
  readonly messages: Readonly<Record<string, string>>;
  /**
   * What is wrong with parameters that have the right types, so that a network file can tell it before anything runs.
   * @returns for each problem the parameter and, for people, what is wrong
   */
  check?(parameters: Parameters): readonly { readonly parameter: string; readonly message: string }[];
  /** What one that runs is called in logs and lists, by its parameters; its name unless given. */
  titleOf?(parameters: Parameters): string;
  /** Runs until done or until the signal aborts. A rejection is a failed program. */
  run(context: ProgramContext, parameters: Parameters): Promise<void>;
}

/** All hosts of a network, under one domain. */
export interface Domain {
  /** `"example.test"` */
  readonly name: string;
  /** The host that the program runs on. */
  readonly server: string;
  readonly hosts: readonly {
    readonly name: string;
    /** With the lengths of their prefixes: `"10.0.0.1/24"`. */
    readonly addresses: readonly string[];
  }[];
}

/** One parameter: what a network file may write, and what an editor shows. */
export interface ParameterSpec {
  /**
   * `endpoint` is written `host-or-address:port` and given as `{ address, port }`, a domain name as it stands in place of the
   * address, to be looked up; `duration` is written `"1.5s"` and given
   * in nanoseconds; `texts` is a list; `files` is a list of paths inside the network file's folder and given as a list of
   * `{ path, text }`; `domain` is a domain name and given as {@link Domain}, with all hosts of the network; `sites` is
   * a mapping of a web server's sites by their names.
   */
  readonly type:
    | ("port" | "endpoint" | "address" | "text" | "texts" | "count" | "number" | "duration" | "boolean")
    | ("files" | "domain" | "sites");
  readonly summary: string;
  /** What the program is given when the file says nothing (a duration in nanoseconds); without it the parameter is required. */
  readonly default?: unknown;
}

/** The text of a log line. */
export function formatMessage(
  messages: Readonly<Record<string, string>>,
  code: string,
  parameters: LogParameters,
): string {
  const template = messages[code] ?? code;
  return template.replaceAll(/\{(\w+)\}/g, (gap, name: string) => String(parameters[name] ?? gap));
}

import type { SocketAddress } from "../../address/endpoint.ts";
import type { IpAddress } from "../../address/ip.ts";
import type { MacAddress } from "../../address/mac.ts";
import type { Prefix } from "../../address/prefix.ts";
import type { Errno } from "../../base/errno.ts";
import type { HostSnapshot } from "../../device/host.ts";
import type { Instant } from "../../time/instant.ts";
import type { CurlFiles, CurlIo } from "../http/curl/io.ts";
import type { ProgramContext } from "../program.ts";

/** A command of a host's shell. */
export interface Command {
  /** `"ping"` */
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  /** The arguments it takes: `"[-c count] destination"`. */
  readonly usage: string;
  /**
   * Runs until it is done or its signal aborts; what goes wrong is told on standard error and by the exit status.
   * @param args the words of the command line after the command's name
   * @returns the exit status
   */
  run(context: CommandContext, args: readonly string[]): Promise<number>;
}

/** What a command is given: all that a program is, the host it runs on, and where it reads and writes. */
export interface CommandContext extends ProgramContext {
  readonly host: HostView;
  readonly io: CommandIo;
}

/** Standard streams and files of a command. */
export interface CommandIo extends CurlIo {
  readonly files: CommandFiles;
  /** Columns of the terminal, where standard output is one. */
  readonly columns?: number | undefined;
}

/** The host's files. */
export interface CommandFiles extends CurlFiles {
  /** Of all, sorted. */
  readonly paths: readonly string[];
}

/** A command that runs on a host. */
export interface CommandRun {
  /** The exit status, once it has ended. */
  readonly ended: Promise<number>;
  /** Asks it to end, as Ctrl-C does. */
  interrupt(): void;
  /** Ends it now; its connections are reset. */
  kill(): void;
}

/** A host as its commands see it. */
export interface HostView {
  readonly name: string;
  /** The name servers that the host asks. */
  readonly nameServers: readonly SocketAddress[];
  snapshot(): HostSnapshot;
  readonly settings: HostSettings;
  /**
   * Shows every frame that leaves or reaches an interface, or any of them, from now on.
   * @returns what ends it; undefined when there is no such interface
   */
  capture(nic: string | undefined, take: (frame: CapturedFrame) => void): (() => void) | undefined;
}

/** ENODEV: there is no such interface. ENXIO: there is no such neighbour. */
export type SettingError = Errno | "ENODEV" | "ENXIO";

/** What of a host's network its commands may change. Each returns why it could not be done. */
export interface HostSettings {
  addAddress(nic: string, address: IpAddress, length: number): SettingError | undefined;
  removeAddress(nic: string, address: IpAddress): SettingError | undefined;
  addRoute(prefix: Prefix, target: RouteSettings): SettingError | undefined;
  removeRoute(prefix: Prefix, gateway: IpAddress | undefined): SettingError | undefined;
  /** A neighbour that is never asked for. */
  setNeighbor(address: IpAddress, mac: MacAddress): SettingError | undefined;
  forgetNeighbor(address: IpAddress): SettingError | undefined;
}

export interface RouteSettings {
  readonly gateway?: IpAddress | undefined;
  /** The interface's name. */
  readonly nic?: string | undefined;
  readonly metric?: number | undefined;
  /** Whoever goes this way is refused. */
  readonly rejects?: boolean | undefined;
}

/** A frame as a host's interface saw it. */
export interface CapturedFrame {
  readonly at: Instant;
  /** `"eth0"` */
  readonly nic: string;
  readonly direction: "in" | "out";
  /** From its Ethernet header on; a copy. */
  readonly bytes: Uint8Array;
}

/** The exit status of a command whose arguments are none. */
export const EXIT_USAGE = 2;
/** The exit status of a name that is no command, as a shell has it (POSIX "Shell Command Language" §2.8.2). */
export const EXIT_NOT_FOUND = 127;
/** The exit status of a command that Ctrl-C has ended: 128 and SIGINT's number. */
export const EXIT_INTERRUPTED = 130;

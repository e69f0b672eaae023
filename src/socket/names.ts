import { parseIp } from "../address/ip.ts";
import type { CallOptions } from "./socket.ts";

/**
 * The addresses of names: what a program asks before it connects, as `getaddrinfo` is. On a virtual host its stub resolver,
 * on the operating system the system's own.
 */
export interface Names {
  /**
   * The addresses of a host, best first and at least one; of an address, the address itself.
   * @throws NameError when there is none; the signal's reason when it aborts
   */
  lookup(name: string, options?: CallOptions): Promise<readonly string[]>;
}

/** Why a name has no address, as Node's `dns.lookup` names it. */
export type NameErrorCode =
  /** No such name, or no address under it. */
  | "ENOTFOUND"
  /** No name server answered; a later try may. */
  | "EAI_AGAIN"
  /** What was asked for is no name. */
  | "EINVAL";

/** A name without an address. */
export class NameError extends Error {
  override name = "NameError";
  readonly code: NameErrorCode;
  readonly hostname: string;

  constructor(code: NameErrorCode, hostname: string) {
    super(`lookup ${code} ${hostname}`);
    this.code = code;
    this.hostname = hostname;
  }
}

/** Where there is nobody to ask: only addresses have an address. */
export const LITERAL_NAMES: Names = {
  lookup: (name) =>
    parseIp(name) === undefined ? Promise.reject(new NameError("ENOTFOUND", name)) : Promise.resolve([name]),
};

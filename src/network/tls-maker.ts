import type { ProgramContext } from "../application/program.ts";
import type { Waking } from "../socket/endpoints.ts";
import type { Tls } from "../socket/tls.ts";

/** Makes TLS for the programs of a network; the platform brings it where it has one. */
export interface TlsMaker {
  /** @param program whose it is to be */
  make(program: TlsUser): Tls;
}

/** What TLS needs of the program that uses it: deadlines, and time that stands while it computes. */
export interface TlsUser {
  readonly waking: Waking;
  readonly work: ProgramContext["work"];
}

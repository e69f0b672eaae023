import type { Log, ProgramContext } from "../../application/program.ts";
import type { Random } from "../../base/random.ts";
import { nodeCompression } from "./compression.ts";
import { plugLatin1 } from "./latin1.ts";
import { OsClock } from "./os-clock.ts";
import { osNames } from "./os-names.ts";
import { OsRandom } from "./os-random.ts";
import { osSockets } from "./os-sockets.ts";
import { osTls } from "./tls/os-tls.ts";

export interface OsContextOptions {
  readonly signal: AbortSignal;
  /** Writes the program's log; nowhere unless given. */
  readonly log?: Log;
  /** Of the program's chance; from the operating system unless given. */
  readonly random?: Random;
}

/** What a program is given that runs on the operating system. */
export function osContext({ signal, log = () => {}, random }: OsContextOptions): ProgramContext {
  plugLatin1();
  return {
    sockets: osSockets(),
    names: osNames,
    compression: nodeCompression,
    tls: osTls,
    clock: new OsClock(),
    random: random ?? new OsRandom(),
    log,
    work: (promise) => promise,
    signal,
  };
}

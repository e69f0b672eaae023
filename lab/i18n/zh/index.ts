import type { Dictionaries } from "../language.ts";
import { alone } from "./alone.ts";
import { canvas } from "./canvas.ts";
import { connection } from "./connection.ts";
import { drops } from "./drops.ts";
import { edit } from "./edit.ts";
import { firstRun } from "./first-run.ts";
import { frame } from "./frame.ts";
import { host } from "./host.ts";
import { log } from "./log.ts";
import { packets } from "./packets.ts";
import { problems } from "./problems.ts";
import { program } from "./program.ts";
import { terminal } from "./terminal.ts";
import { time } from "./time.ts";

/** Simplified Chinese; names of protocols and of their fields stay English. */
export const zh: Dictionaries = {
  ...{ alone, canvas, connection, drops, edit, firstRun, frame, host, log, packets, problems, program, terminal, time },
};

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

/** English: one file for each area of the page. Every other language has the same files and the same keys. */
export const en = {
  alone,
  canvas,
  connection,
  drops,
  edit,
  firstRun,
  frame,
  host,
  log,
  packets,
  problems,
  program,
  terminal,
  time,
} as const;

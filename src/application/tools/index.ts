import type { Command } from "../shell/command.ts";
import { ping } from "./ping.ts";

/** The commands about a host's network: what Debian's iputils and net-tools are. */
export const TOOLS: readonly Command[] = [ping];

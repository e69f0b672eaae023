/** In the place of application/shell/session.ts in a Worker: the same, once it has been loaded. */
import type { Command } from "../../../../application/shell/command.ts";
import type * as Session from "../../../../application/shell/session.ts";

/** A network holds it before there is anything in it. */
export const COMMANDS = new Map<string, Command>();
export let Shell: typeof Session.Shell;

export async function loadShell(): Promise<void> {
  const loaded = await import("../../../../application/shell/session.ts");
  ({ Shell } = loaded);
  for (const [name, command] of loaded.COMMANDS) COMMANDS.set(name, command);
}

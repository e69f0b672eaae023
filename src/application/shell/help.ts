import type { Command } from "./command.ts";

/** Lists commands, or says how one is used. */
export function helpCommand(commands: () => Iterable<Command>): Command {
  return {
    name: "help",
    summary: "List the commands, or say how one is used.",
    usage: "[command]",
    run: async ({ io }, [asked]) => {
      const all = [...commands()].sort((a, b) => (a.name < b.name ? -1 : 1));
      if (asked === undefined) {
        const width = Math.max(...all.map(({ name }) => name.length));
        await io.stdout(encoder.encode(all.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}\n`).join("")));
        return 0;
      }
      const found = all.find(({ name }) => name === asked);
      if (found === undefined) {
        io.stderr(`help: no help topics match '${asked}'\n`);
        return 1;
      }
      await io.stdout(encoder.encode(`Usage: ${found.name} ${found.usage}\n${found.summary}\n`));
      return 0;
    },
  };
}

const encoder = new TextEncoder();

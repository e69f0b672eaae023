import type { Command, CommandIo } from "./command.ts";

type Described = Pick<Command, "name" | "summary" | "usage">;

/** Lists commands, or says how one is used. */
export function helpCommand(commands: () => Iterable<Described>): Command {
  return {
    name: "help",
    summary: "List the commands, or say how one is used.",
    usage: "[command]",
    run: ({ io }, [asked]) => help(io, commands(), asked),
  };
}

/** @param asked a command's name; undefined for all @returns the exit status */
export async function help(io: CommandIo, commands: Iterable<Described>, asked: string | undefined): Promise<number> {
  const all = [...commands].sort((a, b) => (a.name < b.name ? -1 : 1));
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
  await io.stdout(encoder.encode(`Usage: ${`${found.name} ${found.usage}`.trimEnd()}\n${found.summary}\n`));
  return 0;
}

const encoder = new TextEncoder();

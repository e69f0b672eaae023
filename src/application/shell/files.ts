import type { Command, CommandContext } from "./command.ts";
import { EXIT_INTERRUPTED } from "./command.ts";
import { Input } from "./input.ts";

const encoder = new TextEncoder();

/** A command about the host's files: what cannot be done of an operand is told, and the others are done. */
function onFiles(
  name: string,
  { signal, io }: CommandContext,
  operands: readonly string[],
  run: (operand: string) => Promise<void>,
): Promise<number> {
  const all = operands.map((operand) => async (): Promise<number> => {
    try {
      await run(operand);
      return 0;
    } catch (error) {
      if (signal.aborted) return EXIT_INTERRUPTED;
      const isMissing = (error as { code?: unknown }).code === "ENOENT";
      io.stderr(`${name}: ${operand}: ${isMissing ? "No such file or directory" : (error as Error).message}\n`);
      return 1;
    }
  });
  return all.reduce(async (before, next) => Math.max(await before, await next()), Promise.resolve(0));
}

export const cat: Command = {
  name: "cat",
  summary: "Write files, or standard input, to standard output.",
  usage: "[file...]",
  run: (context, args) => {
    const { io, signal } = context;
    return onFiles("cat", context, args.length === 0 ? ["-"] : args, async (path) => {
      const pieces = path === "-" ? new Input(() => io.stdin()) : undefined;
      if (pieces === undefined) {
        for await (const piece of (await io.files.open(path)).pieces()) await io.stdout(piece);
        return;
      }
      for (let piece = await pieces.read(signal); piece !== undefined; piece = await pieces.read(signal))
        await io.stdout(piece);
    });
  },
};

export const echo: Command = {
  name: "echo",
  summary: "Write words to standard output; -n without the end of the line.",
  usage: "[-n] [word...]",
  run: async ({ io }, args) => {
    const words = args[0] === "-n" ? args.slice(1) : args;
    await io.stdout(encoder.encode(words.join(" ") + (words === args ? "\n" : "")));
    return 0;
  },
};

export const ls: Command = {
  name: "ls",
  summary: "List the host's files; -l with their sizes.",
  usage: "[-l]",
  run: async ({ io }, args) => {
    const lines = await Promise.all(
      io.files.paths.map(async (path) =>
        args.includes("-l") ? `${String((await io.files.open(path)).size).padStart(10)} ${path}\n` : `${path}\n`,
      ),
    );
    await io.stdout(encoder.encode(lines.join("")));
    return 0;
  },
};

export const rm: Command = {
  name: "rm",
  summary: "Remove files of the host.",
  usage: "file...",
  run: (context, args) =>
    onFiles("rm", context, args, async (path) => {
      await context.io.files.open(path);
      await context.io.files.remove(path);
    }),
};

export const sleep: Command = {
  name: "sleep",
  summary: "Wait for so many seconds.",
  usage: "seconds",
  run: async ({ clock, io, signal }, [seconds = ""]) => {
    if (!/^\d{1,6}(\.\d{1,9})?$/.test(seconds)) {
      io.stderr(`sleep: invalid time interval '${seconds}'\n`);
      return 1;
    }
    try {
      await clock.sleep((Number(seconds) * 1e9) as never, signal);
      return 0;
    } catch {
      return EXIT_INTERRUPTED;
    }
  },
};

export const date: Command = {
  name: "date",
  summary: "Show the date and time of the network.",
  usage: "",
  run: async ({ clock, io }) => {
    const [day = "", number = "", month = "", year = "", time = ""] = clock
      .date()
      .toUTCString()
      .replace(",", "")
      .split(" ");
    await io.stdout(encoder.encode(`${day} ${month} ${number.replace(/^0/, " ")} ${time} UTC ${year}\n`));
    return 0;
  },
};

/** Small commands beside those about networks. */
export const FILE_TOOLS: readonly Command[] = [cat, date, echo, ls, rm, sleep];

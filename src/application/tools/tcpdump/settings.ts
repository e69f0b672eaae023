import { SNAPSHOT_LENGTH } from "./pcap-file.ts";

/** tcpdump's command line. */
export interface TcpdumpSettings {
  readonly lists: boolean;
  readonly verbose: number;
  readonly link: boolean;
  readonly absolute: boolean;
  readonly times: "clock" | "epoch" | "none";
  readonly dump: { readonly as: "ascii" | "hex" | "both"; readonly link: boolean } | undefined;
  readonly count: number;
  /** An interface's name, or `any`. */
  readonly nic: string | undefined;
  readonly direction: "in" | "out" | undefined;
  readonly read: string | undefined;
  readonly write: string | undefined;
  readonly snapshotLength: number;
  readonly filter: string;
}

const WITH_VALUE = "ciQrsw";
/** Those that change nothing here: addresses are numbers, lines come at once. */
const WITHOUT_VALUE = "ADelnStvxXUp";

/** @returns what is wrong, in getopt's words */
export function tcpdumpSettings(args: readonly string[]): TcpdumpSettings | string {
  const letters: string[] = [];
  const values = new Map<string, string>();
  let index = 0;
  for (; index < args.length; index++) {
    const word = args[index] ?? "";
    if (word === "--") {
      index++;
      break;
    }
    if (!word.startsWith("-") || word === "-") break;
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (WITHOUT_VALUE.includes(letter)) letters.push(letter);
      else if (!WITH_VALUE.includes(letter)) return `invalid option -- '${letter}'`;
      else {
        const value = at + 1 < word.length ? word.slice(at + 1) : args[++index];
        if (value === undefined) return `option requires an argument -- '${letter}'`;
        values.set(letter, value);
        break;
      }
    }
  }
  const count = (letter: string): number => letters.filter((each) => each === letter).length;
  const number = (letter: string, otherwise: number): number => {
    const text = values.get(letter);
    return text === undefined ? otherwise : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  };
  const [packets, length] = [number("c", Number.POSITIVE_INFINITY), number("s", 0)];
  if (!(packets >= 1)) return `invalid packet count ${values.get("c")}`;
  if (Number.isNaN(length)) return `invalid snaplen ${values.get("s")}`;
  const direction = values.get("Q");
  if (direction !== undefined && !["in", "out", "inout"].includes(direction))
    return `unknown capture direction '${direction}'`;
  const [hex, both] = [count("x"), count("X")];
  return {
    lists: letters.includes("D"),
    verbose: count("v"),
    link: letters.includes("e"),
    absolute: letters.includes("S"),
    times: count("t") === 0 ? "clock" : count("t") === 1 ? "none" : "epoch",
    dump:
      both > 0
        ? { as: "both", link: both > 1 }
        : hex > 0
          ? { as: "hex", link: hex > 1 }
          : count("A") > 0
            ? { as: "ascii", link: count("A") > 1 }
            : undefined,
    count: packets,
    nic: values.get("i"),
    direction: direction === "inout" ? undefined : (direction as "in" | "out" | undefined),
    read: values.get("r"),
    write: values.get("w"),
    snapshotLength: length === 0 ? SNAPSHOT_LENGTH : length,
    filter: args.slice(index).join(" "),
  };
}

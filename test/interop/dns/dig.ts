/** `dig`'s answers as data. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface DigAnswer {
  /** `"www.example.test. A"` */
  readonly question: string | undefined;
  /** `"NOERROR"`, or the whole output where there was no answer. */
  readonly status: string;
  /** Such as `"qr aa rd"`. */
  readonly flags: string;
  /** The EDNS line without cookie, if there is one. */
  readonly edns: string | undefined;
  readonly answer: readonly string[];
  readonly authority: readonly string[];
  readonly additional: readonly string[];
  /** `"UDP"` or `"TCP"`. */
  readonly transport: string | undefined;
  /** Bytes. */
  readonly size: number;
}

/**
 * Asks several questions, one after the other.
 * @param options of all questions: `"+tcp"`
 */
export async function dig(port: number, questions: readonly string[], ...options: string[]): Promise<DigAnswer[]> {
  const each = questions.flatMap((question) => [...question.split(" "), ...options]);
  const all = [
    "@127.0.0.1",
    "-p",
    String(port),
    "+norecurse",
    "+tries=1",
    "+timeout=5",
    "+nocookie",
    ...options,
    ...each,
  ];
  const { stdout } = await run("dig", all, { maxBuffer: 1 << 26 }).catch((error: { stdout: string }) => error);
  // A long command line is cut in the first line, with its end.
  const texts = stdout.split(/;; Got answer:$/m).slice(1);
  return texts.map(answerOf);
}

function answerOf(text: string): DigAnswer {
  const section = (name: string): string[] => {
    const body = new RegExp(`^;; ${name} SECTION:\\n([\\s\\S]*?)\\n\\n`, "m").exec(text)?.[1] ?? "";
    const lines = body.split("\n").map((line) => line.replaceAll(/\s+/g, " "));
    return lines.filter((line) => line !== "").sort();
  };
  const question = /^;; QUESTION SECTION:\n;(\S+)\s+IN\s+(\S+)$/m.exec(text);
  return {
    question: question?.slice(1).join(" "),
    status: /status: (\w+)/.exec(text)?.[1] ?? text,
    flags: /^;; flags: ([a-z ]*);/m.exec(text)?.[1] ?? "",
    edns: /^; (EDNS: [^\n]*)/m.exec(text)?.[1],
    answer: section("ANSWER"),
    authority: section("AUTHORITY"),
    additional: section("ADDITIONAL"),
    transport: /^;; SERVER: .*\((UDP|TCP)\)/m.exec(text)?.[1],
    size: Number(/MSG SIZE +rcvd: (\d+)/.exec(text)?.[1]),
  };
}

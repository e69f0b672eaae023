import { useEffect, useState } from "react";
import { onPush, request, useConnection } from "../connection/index.ts";

/** Times of log lines that are kept for the line; the oldest goes. */
const MARKS_LIMIT = 2_000;
/** Lines of the log asked for at once. */
const PIECE = 500;

/** When programs have logged a line, in order. */
export function useLogMarks(): readonly number[] {
  const session = useConnection((all) => all.session);
  const branch = useConnection(({ state }) => state?.branch);
  const [marks, setMarks] = useState<readonly number[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session or branch has another log
  useEffect(() => {
    let over = false;
    const byNumber = new Map<number, number>();
    const add = (lines: readonly { readonly n: number; readonly at: number }[]): void => {
      if (over || lines.length === 0) return;
      for (const { n, at } of lines) byNumber.set(n, at);
      setMarks([...byNumber.values()].sort((a, b) => a - b).slice(-MARKS_LIMIT));
    };
    const read = async (from: number): Promise<void> => {
      const { lines } = await request("log.lines", { from, count: PIECE });
      add(lines);
      if (lines.length === PIECE && from < MARKS_LIMIT) await read((lines.at(-1)?.n ?? from) + 1);
    };
    const end = onPush("log", ({ lines }) => add(lines));
    setMarks([]);
    read(0).catch(() => {}); // disconnected: the next session reads again
    return () => {
      over = true;
      end();
    };
  }, [session, branch]);
  return marks;
}

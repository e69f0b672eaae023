import type { Course } from "../course.ts";
import { plain } from "../plain.ts";
import { LINES_PER_MESSAGE } from "../settings.ts";
import type { Handlers } from "./handlers.ts";

/** How everything stands, and what programs have logged. */
export function lookMethods(course: () => Course): Handlers<"snapshot" | "log.lines"> {
  return {
    snapshot: () => ({ snapshot: plain(course().network.snapshot()) }),
    "log.lines": ({ from, count }) => {
      const lines = course().lines.from(from, Math.min(count, LINES_PER_MESSAGE));
      return { from: lines[0]?.n ?? course().lines.next, lines };
    },
  };
}

import type { Course } from "../course.ts";
import { CROSSINGS_LIMIT } from "../settings.ts";
import type { Handlers, MethodsOf } from "./handlers.ts";

/** What goes over cables, now and in the past. */
export function trafficMethods(course: () => Course): Handlers<MethodsOf<"traffic">> {
  return {
    "traffic.watch": ({ crossings, flows = false }, watcher) => {
      watcher.watchTraffic(Math.min(crossings, CROSSINGS_LIMIT), flows);
      return {};
    },
    "traffic.range": ({ from, to, limit, flows = false }) =>
      course().traffic.range(from, to, Math.min(limit, CROSSINGS_LIMIT), flows),
    "traffic.histogram": ({ from, to, slices }) => course().traffic.histogram(from, to, slices),
  };
}

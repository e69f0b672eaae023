import { toBase64 } from "../../base/base64.ts";
import type { Wanted } from "../../capture/view/find.ts";
import type { PacketView } from "../../capture/view/packet-view.ts";
import type { Platform } from "../../network/platform.ts";
import { copyOf, follow, PcapngExport, readFilter, Search, sequenceOf } from "../analysis.ts";
import type { Course } from "../course.ts";
import { refuseProblem } from "../packet-lists.ts";
import { RequestError } from "../request-error.ts";
import { ROWS_PER_MESSAGE } from "../settings.ts";
import type { Handlers, MethodsOf } from "./handlers.ts";

/** Rows that are searched, and frames that are gone through, between two turns of the runtime. */
const SEARCHED_PER_TURN = 1000;

export interface PacketParts {
  readonly course: () => Course;
  readonly platform: Platform;
  /** There is something to go through. */
  readonly wake: () => void;
  /** Lines of the key log of TLS so far. */
  readonly secrets: () => readonly string[];
}

/** Lists of packets, and what can be asked of one packet. */
export function packetMethods(parts: PacketParts): Handlers<MethodsOf<"packets">> {
  return { ...listMethods(parts), ...detailMethods(parts), ...exportMethods(parts) };
}

type Lists = "open" | "filter" | "close" | "rows" | "locate" | "find" | "conversations";

function listMethods({ platform, wake }: PacketParts): Handlers<`packets.${Lists}`> {
  return {
    "packets.open": ({ vantage, filter }, { lists }) => {
      const view = lists.open(vantage, filter);
      wake();
      return lists.state(view);
    },
    "packets.filter": ({ view, filter }, { lists }) => {
      refuseProblem(lists.view(view).setFilter(filter));
      wake();
      return lists.state(view);
    },
    "packets.close": ({ view }, { lists }) => {
      lists.close(view);
      return {};
    },
    "packets.rows": ({ view, from, count }, { lists }) =>
      lists.view(view).rows(from, Math.min(count, ROWS_PER_MESSAGE)),
    "packets.locate": ({ view, ...what }, { lists }) => ({ index: lists.view(view).locate(what) }),
    "packets.find": async ({ view, ...wanted }, { lists }) => ({
      index: await find(() => lists.view(view), wanted, platform),
    }),
    "packets.conversations": ({ view }, { lists }) => ({ conversations: lists.view(view).conversations() }),
  };
}

/**
 * Searches from the beginning again where the rows have become others.
 * @param view throws when it has gone, which ends the search @returns an index, or −1
 */
async function find(view: () => PacketView, wanted: Wanted, platform: Platform): Promise<number> {
  for (;;) {
    const searched = view();
    const { renewed } = searched.state;
    const found = Search.of(searched, wanted);
    if ("problem" in found) {
      refuseProblem(found.problem);
      return -1;
    }
    const { search } = found;
    const isSame = (): boolean => view() === searched && searched.state.renewed === renewed;
    let done = search.work(SEARCHED_PER_TURN);
    while (!done && isSame()) {
      await platform.turn();
      if (isSame()) done = search.work(SEARCHED_PER_TURN);
    }
    if (done) return search.result ?? -1;
  }
}

function detailMethods({ course }: PacketParts): Handlers<`packets.${"detail" | "follow" | "sequence" | "copy"}`> {
  return {
    "packets.detail": ({ view, event }, { lists }) => lists.view(view).detail(event) ?? notKept(event),
    "packets.follow": ({ view, event, layer }, { lists }) =>
      follow(lists.view(view), event, layer) ?? noConversation(event),
    "packets.sequence": ({ view: id, event }, { lists }) => {
      const view = lists.view(id);
      const { log, nics } = course();
      return sequenceOf(log, nics, event, (each) => Math.max(0, view.numberOf(each))) ?? noConversation(event);
    },
    "packets.copy": ({ view, event, as }, { lists }) => {
      const text = copyOf(lists.view(view), event, as);
      if (text !== undefined) return { text };
      if (as === "curl") throw new RequestError("no-request", "no HTTP request ends in this packet", { event });
      return notKept(event);
    },
  };
}

function exportMethods({ course, platform, secrets }: PacketParts): Handlers<"packets.export"> {
  return {
    "packets.export": async ({ view, next }, { lists }) => {
      const begin = async (): Promise<PcapngExport> =>
        new PcapngExport(view === undefined ? await everything(course(), platform) : lists.view(view), secrets());
      const file = next === undefined ? await lists.beginExport(begin) : lists.takeExport(next);
      const bytes = toBase64(file.piece());
      return file.done ? { bytes } : { bytes, next: lists.keepExport(file) };
    },
  };
}

/** What all cables have seen, gone through to its end. */
async function everything(course: Course, platform: Platform): Promise<PacketView> {
  const view = course.view({ kind: "cables" });
  if (view === undefined) throw new RequestError("no-vantage", "there are no cables");
  const { next } = course.log;
  while (view.isBehind && view.state.examined < next) {
    view.work(SEARCHED_PER_TURN);
    await platform.turn();
  }
  return view;
}

/** What filters are, as they are typed. */
export function filterMethods(course: () => Course): Handlers<MethodsOf<"filter">> {
  return {
    "filter.check": ({ filter }) => {
      const read = readFilter(filter, course().fields);
      if ("filter" in read) return { ok: true };
      const { code, text, params, offset, length, suggestion } = read.problem;
      const error = { code: `filter-${code}`, text, params };
      return { ok: false, error, offset, length, ...(suggestion !== undefined && { suggestion }) };
    },
    "filter.complete": ({ filter, at }) => course().fields.complete(filter, at),
  };
}

function notKept(event: number): never {
  throw new RequestError("packet-gone", "this packet is not kept any more, or not yet gone through", { event });
}

function noConversation(event: number): never {
  throw new RequestError("no-conversation", "this packet is of no conversation", { event });
}

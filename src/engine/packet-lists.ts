import type { FilterProblem } from "../capture/filter/problem.ts";
import type { PcapngExport } from "../capture/view/export.ts";
import type { PacketView } from "../capture/view/packet-view.ts";
import type { Vantage, ViewState } from "../capture/view/types.ts";
import type { Piecework } from "./background.ts";
import type { Course } from "./course.ts";
import { RequestError } from "./request-error.ts";
import { EXPORTS_LIMIT, VIEWS_LIMIT } from "./settings.ts";

interface List {
  readonly view: PacketView;
  /** What the watcher was told last of its state. */
  told: string;
}

/** The lists of packets that one watcher has open. They stay when another course takes the place of the network. */
export class PacketLists {
  readonly #lists = new Map<number, List>();
  readonly #exports = new Map<string, PcapngExport>();
  #course: Course;
  #last = 0;
  #lastExport = 0;
  #beginning = 0;

  constructor(course: Course) {
    this.#course = course;
  }

  /** What is still to be gone through. */
  *pieces(): Generator<Piecework> {
    for (const { view } of this.#lists.values()) yield view;
  }

  /** @returns its number @throws RequestError */
  open(vantage: Vantage, filter: string): number {
    if (this.#lists.size >= VIEWS_LIMIT) {
      throw new RequestError("too-many-views", `there are ${VIEWS_LIMIT} lists open already`, { limit: VIEWS_LIMIT });
    }
    const view = this.#course.view(vantage);
    if (view === undefined) throw new RequestError("no-vantage", "there is no such device or interface");
    refuseProblem(view.setFilter(filter));
    const id = ++this.#last;
    this.#lists.set(id, { view, told: "" });
    return id;
  }

  /** @throws RequestError */
  state(id: number): ViewState {
    return { view: id, ...this.view(id).state };
  }

  close(id: number): void {
    this.view(id);
    this.#lists.delete(id);
  }

  /** Closes all of them: nobody waits any more for what is still looked for in them. */
  end(): void {
    this.#lists.clear();
    this.#exports.clear();
  }

  /** @throws RequestError for one that is not open */
  view(id: number): PacketView {
    const list = this.#lists.get(id);
    if (list === undefined) throw new RequestError("no-view", `there is no list ${id}`, { view: id });
    return list.view;
  }

  /** The states of lists that have changed since this was asked last. */
  changed(): ViewState[] {
    const changed: ViewState[] = [];
    for (const [id, list] of this.#lists) {
      const state = { view: id, ...list.view.state };
      const text = JSON.stringify(state);
      if (text === list.told) continue;
      list.told = text;
      changed.push(state);
    }
    return changed;
  }

  /** Opens all of them again on another course. */
  anew(course: Course): void {
    this.#course = course;
    this.#exports.clear();
    for (const [id, { view: old }] of this.#lists) {
      const view = course.view(old.options.vantage);
      if (view === undefined) continue;
      view.setFilter(old.filter);
      this.#lists.set(id, { view, told: "" });
    }
  }

  /** Lets an export begin that goes through all events first: so many at once. @throws RequestError */
  async beginExport(make: () => Promise<PcapngExport>): Promise<PcapngExport> {
    if (this.#beginning >= EXPORTS_LIMIT) {
      throw new RequestError("too-many-requests", `${EXPORTS_LIMIT} files are being written already`);
    }
    this.#beginning++;
    try {
      return await make();
    } finally {
      this.#beginning--;
    }
  }

  /** Remembers an export whose next piece will be asked for. @returns by which name; the oldest are forgotten */
  keepExport(export_: PcapngExport): string {
    const name = String(++this.#lastExport);
    this.#exports.set(name, export_);
    for (const oldest of this.#exports.keys()) {
      if (this.#exports.size <= EXPORTS_LIMIT) break;
      this.#exports.delete(oldest);
    }
    return name;
  }

  /** @throws RequestError */
  takeExport(name: string): PcapngExport {
    const export_ = this.#exports.get(name);
    if (export_ === undefined)
      throw new RequestError("no-export", "that file is not being written any more: begin again");
    this.#exports.delete(name);
    return export_;
  }
}

/** @throws RequestError for a filter that is none */
export function refuseProblem(problem: FilterProblem | undefined): void {
  if (problem === undefined) return;
  const { code, text, params, offset, length } = problem;
  throw new RequestError(`filter-${code}`, text, { ...params, offset, length });
}

/** The view of the packets that the page has open with its engine, kept in step with what is selected. */
import type { PacketRow, Vantage } from "../../src/engine/protocol/index.ts";
import { onPush, request, useConnection } from "../connection/index.ts";
import { selectEvent, setFilter, useSelection } from "../selection.ts";
import { RowPages } from "./list/row-pages.ts";
import { problemOf } from "./problem.ts";
import { usePackets } from "./store.ts";
import { turn, visit } from "./visited.ts";

const { getState: state, setState: set } = usePackets;

export const rows = new RowPages(
  async (from, count) => {
    const view = state().view;
    return view === undefined ? { from, rows: [] } : request("packets.rows", { view: view.view, from, count });
  },
  () => set(({ rowsCame }) => ({ rowsCame: rowsCame + 1 })),
);

let begun = false;
let openings = 0;

/** Opens the view, once, and from then on again whenever the engine is reached anew. */
export function begin(): void {
  if (begun) return;
  begun = true;
  useConnection.subscribe((now, before) => {
    if (now.session !== before.session) void open();
    else if (now.state?.branch !== before.state?.branch) otherBranch();
  });
  useSelection.subscribe((now, before) => {
    if (now.filter !== before.filter) void refilter(now.filter);
    if (now.event !== before.event) void selected(now.event);
    if (now.time !== before.time && now.time !== undefined) void lookedAt(now.time);
  });
  onPush("view", ({ state: view }) => {
    const before = state().view;
    if (view.view !== before?.view) return;
    set({ view });
    if (view.renewed !== before.renewed) renewed();
    askAgain();
  });
  if (useConnection.getState().session > 0) void open();
}

/**
 * The view stays open under its number, and is of other events now. It begins empty until the engine tells how far it has come: rows
 * that are asked for before would not be there, and nobody would ask for them again if they are as many as before in the end.
 */
function otherBranch(): void {
  rows.clear();
  set(({ view }) => ({
    ...{ index: undefined, detail: undefined, reference: undefined, screen: "list", conversation: undefined },
    view: view && { ...view, total: 0, matched: 0, examined: 0, first: 0 },
  }));
}

/** Rows have become others: secrets of TLS have come, or the list has begun anew. It stays where it is. */
function renewed(): void {
  rows.clear();
  set(({ rowsCame }) => ({ rowsCame: rowsCame + 1 }));
  const { event } = useSelection.getState();
  if (event === undefined) return;
  wantDetail(event);
  void placeOf(event).then(
    (index) => index !== undefined && set({ index: index < 0 ? undefined : index }),
    () => undefined,
  );
}

/** Opens the view anew: another vantage, or another engine. */
export async function open(): Promise<void> {
  const opening = ++openings;
  const old = state().view;
  rows.clear();
  set({ view: undefined, problem: undefined, index: undefined });
  if (old !== undefined) request("packets.close", { view: old.view }).catch(() => undefined);
  try {
    const { filter } = useSelection.getState();
    const view = await request("packets.open", { vantage: state().vantage, filter });
    if (opening !== openings) {
      await request("packets.close", { view: view.view });
      return;
    }
    set({ view });
    await locateSelected();
    const { event } = useSelection.getState();
    if (event !== undefined) wantDetail(event);
  } catch (error) {
    if (opening === openings) set({ problem: problemOf(error) });
  }
}

export function seeFrom(vantage: Vantage): void {
  set({ vantage, reference: undefined });
  void open();
}

async function refilter(filter: string): Promise<void> {
  const view = state().view;
  const { streamFilter } = state();
  if (streamFilter !== undefined && streamFilter.filter !== filter) set({ streamFilter: undefined });
  if (view === undefined) return;
  try {
    const next = await request("packets.filter", { view: view.view, filter });
    if (useSelection.getState().filter !== filter || state().view?.view !== next.view) return;
    rows.clear();
    set({ view: next, problem: undefined, index: undefined });
    await locateSelected();
  } catch (error) {
    set({ problem: problemOf(error) });
  }
}

/** Finds the row of the selected packet. */
async function locateSelected(): Promise<void> {
  const { event } = useSelection.getState();
  const index = event === undefined ? undefined : await placeOf(event);
  if (index !== undefined) show(index < 0 ? undefined : index);
}

/** The index of the selected packet's row, −1 for none; undefined when meanwhile another is selected, or another view shown. */
async function placeOf(event: number): Promise<number | undefined> {
  const view = state().view;
  if (view === undefined) return undefined;
  const { index } = await request("packets.locate", { view: view.view, event });
  return useSelection.getState().event === event && state().view?.view === view.view ? index : undefined;
}

/** The selected packet's row, which is brought into sight. */
function show(index: number | undefined): void {
  set(index === undefined ? { index } : { index, sought: { index }, following: false });
}

/** Set by {@link selectIndex}, so that a row that is known is not looked for. */
let known: { readonly event: number; readonly index: number } | undefined;

async function selected(event: number | undefined): Promise<void> {
  if (event === undefined) {
    set({ index: undefined, detail: undefined, detailProblem: undefined, detailShown: false });
    return;
  }
  set(({ visited, shape, detailShown }) => ({
    visited: visit(visited, event),
    detailShown: detailShown || shape !== "steps",
  }));
  wantDetail(event);
  if (known?.event === event) show(known.index);
  else await locateSelected().catch(() => set({ index: undefined }));
}

async function lookedAt(time: number): Promise<void> {
  const view = state().view;
  if (view === undefined) return;
  try {
    const { index } = await request("packets.locate", { view: view.view, time });
    if (index >= 0) set({ sought: { index }, following: false });
  } catch {
    // The list stays where it is; the connection says that it is gone.
  }
}

/** Selects the packet of a row, which need not have come yet. */
export async function selectIndex(index: number): Promise<void> {
  const view = state().view;
  if (view === undefined || view.matched <= view.first) return;
  const at = Math.max(view.first, Math.min(view.matched - 1, index));
  set({ index: at, following: false });
  try {
    const row = rows.row(at) ?? (await rowAt(view.view, at));
    if (row === undefined || state().index !== at) return;
    known = { event: row.event, index: at };
    selectEvent(row.event);
  } catch (error) {
    set({ detailProblem: problemOf(error) });
  }
}

/** Selects a row and shows its detail, even where that takes the list's place. */
export async function openIndex(index: number): Promise<void> {
  await selectIndex(index);
  set({ detailShown: true });
}

async function rowAt(view: number, index: number): Promise<PacketRow | undefined> {
  return (await request("packets.rows", { view, from: index, count: 1 })).rows[0];
}

let wanted: number | undefined;
let fetching = false;

/** One request at a time: while keys run through the list only the newest packet is asked for. */
function wantDetail(event: number): void {
  wanted = event;
  if (!fetching) void fetchDetail();
}

/** A packet that was selected the moment it was sent is not in the view until the frames before it have been gone through. */
function askAgain(): void {
  const { event } = useSelection.getState();
  if (event === undefined || state().detailProblem?.code !== "packet-gone") return;
  wantDetail(event);
  void locateSelected().catch(() => undefined);
}

async function fetchDetail(): Promise<void> {
  fetching = true;
  while (wanted !== undefined) {
    const event = wanted;
    wanted = undefined;
    const view = state().view;
    if (view === undefined) break;
    try {
      const detail = await request("packets.detail", { view: view.view, event });
      if (useSelection.getState().event === event) set({ detail, detailProblem: undefined });
    } catch (error) {
      if (useSelection.getState().event === event) set({ detail: undefined, detailProblem: problemOf(error) });
    }
  }
  fetching = false;
}

/** The packet looked at before (−1) or after (1). */
export function goThrough(by: -1 | 1): void {
  const visited = turn(state().visited, by);
  if (visited === undefined) return;
  set({ visited });
  selectEvent(visited.events[visited.at]);
}

/** Shows what both sides of a packet's conversation said. */
export const follow = (event: number): void => converse("stream", event);

/** The filter of the stream that is followed: it can be taken back to what was there. */
export function showOnlyStream(filter: string): void {
  const before = useSelection.getState().filter;
  if (before === filter) return;
  set(({ streamFilter }) => ({ streamFilter: { filter, before: streamFilter?.before ?? before } }));
  setFilter(filter);
}

export function leaveStream(): void {
  const before = state().streamFilter?.before ?? "";
  set({ streamFilter: undefined });
  setFilter(before);
}

export const drawSequence = (event: number): void => converse("sequence", event);

/** Shows the conversation of an event; where there is room for one thing at a time, in place of the packet. */
function converse(screen: "stream" | "sequence", event: number): void {
  set(({ shape, detailShown }) => ({ screen, conversation: event, detailShown: detailShown && shape !== "steps" }));
}

/**
 * Which rows of a list stand where, when the list is higher than a browser lets an element be (Firefox ends at 17 million
 * pixels, which are 740,000 rows). All rows are of one height. While the list is short a pixel scrolled is a pixel moved; else
 * small movements (wheel, keys) are, and large ones (dragging the bar) go to the same share of the whole.
 *
 * A general virtualiser would hold a position for each row and make them anew whenever the list grows, which with a million
 * rows twenty times a second is most of the work of a page; equal heights need two numbers.
 */
export interface ScrollState {
  readonly rows: number;
  readonly rowHeight: number;
  /** Pixels of the list that are seen. */
  readonly viewport: number;
  /** The element's own scroll position. */
  readonly scrollTop: number;
  /** Where the top of what is seen stands in the whole list, in pixels that need no limit. */
  readonly top: number;
}

/** The highest element that is made. */
export const MAX_HEIGHT = 8_000_000;

/** Pixels that a turn of a wheel or a page of keys moves at most: what moves more was dragged. */
const WHEEL = 500;

/** Rows that are drawn above and below what is seen, so that fast scrolling shows no gaps. */
const OVERSCAN = 8;

export const contentHeight = (s: ScrollState): number => s.rows * s.rowHeight;
/** How high the scrolled element is made. */
export const elementHeight = (s: ScrollState): number => Math.min(contentHeight(s), MAX_HEIGHT);

const maxTop = (s: ScrollState): number => Math.max(0, contentHeight(s) - s.viewport);
const maxScroll = (s: ScrollState): number => Math.max(0, elementHeight(s) - s.viewport);
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

export const emptyScroll = (rowHeight: number): ScrollState => ({
  rows: 0,
  rowHeight,
  viewport: 0,
  scrollTop: 0,
  top: 0,
});

/** What a scroll event comes to. */
export function scrolled(s: ScrollState, scrollTop: number): ScrollState {
  if (contentHeight(s) <= MAX_HEIGHT) return { ...s, scrollTop, top: clamp(scrollTop, 0, maxTop(s)) };
  const moved = scrollTop - s.scrollTop;
  const atEdge = scrollTop <= 0 || scrollTop >= maxScroll(s);
  const near = Math.abs(moved) <= Math.max(s.viewport, WHEEL) && !atEdge;
  const top = near ? s.top + moved : (scrollTop / maxScroll(s)) * maxTop(s);
  return { ...s, scrollTop, top: clamp(top, 0, maxTop(s)) };
}

/** Shows the list from `top` on. The element is then to be scrolled to the state's `scrollTop`. */
export function scrollTo(s: ScrollState, top: number): ScrollState {
  const to = clamp(top, 0, maxTop(s));
  if (contentHeight(s) <= MAX_HEIGHT) return { ...s, top: to, scrollTop: to };
  return { ...s, top: to, scrollTop: Math.round((to / maxTop(s)) * maxScroll(s)) };
}

/** After small movements: puts the bar where its share of the whole says, without moving the rows. */
export const settled = (s: ScrollState): ScrollState => scrollTo(s, s.top);

/** The list has grown, shrunk or got another height. What is seen stays, as far as there is such. */
export const resized = (s: ScrollState, rows: number, viewport: number): ScrollState =>
  rows === s.rows && viewport === s.viewport ? s : scrollTo({ ...s, rows, viewport }, s.top);

/** Moves as little as shows the whole of a row. */
export function reveal(s: ScrollState, row: number): ScrollState {
  const above = row * s.rowHeight;
  const below = above + s.rowHeight - s.viewport;
  if (above < s.top) return scrollTo(s, above);
  return below > s.top ? scrollTo(s, below) : s;
}

/** Shows a row in the middle, unless all of it is seen already. */
export function centre(s: ScrollState, row: number): ScrollState {
  const above = row * s.rowHeight;
  if (above >= s.top && above + s.rowHeight <= s.top + s.viewport) return s;
  return scrollTo(s, above - (s.viewport - s.rowHeight) / 2);
}

export const atEnd = (s: ScrollState): boolean => s.top >= maxTop(s) - s.rowHeight / 2;

/** The rows to draw: from `first` up to `end`, without it. */
export function drawn(s: ScrollState): { readonly first: number; readonly end: number } {
  const first = Math.max(0, Math.floor(s.top / s.rowHeight) - OVERSCAN);
  const end = Math.min(s.rows, Math.ceil((s.top + s.viewport) / s.rowHeight) + OVERSCAN);
  return { first, end };
}

/** Rows that are wholly seen: what a page up or down moves by. */
export const pageRows = (s: ScrollState): number => Math.max(1, Math.floor(s.viewport / s.rowHeight) - 1);

/** Where a row stands in the scrolled element. */
export const offsetOf = (s: ScrollState, row: number): number => row * s.rowHeight - s.top + s.scrollTop;

/** How much one connection reads, or gathers to send, at a time. */
export const WORKSPACE_SIZE = 65_536;
/** More are in use at once only when a handler touches the body of another connection. */
const KEPT = 8;
/** Views of the first bytes are kept for lengths up to this. */
const SHORT = 2_048;

/** Room that a connection has while it has the word. */
export class Workspace {
  readonly bytes = new Uint8Array(WORKSPACE_SIZE);
  readonly #views: (Uint8Array | undefined)[] = [];

  /** The first bytes. To make a view costs more than most answers' copy. */
  first(count: number): Uint8Array {
    if (count > SHORT) return this.bytes.subarray(0, count);
    let view = this.#views[count];
    if (view === undefined) {
      view = this.bytes.subarray(0, count);
      this.#views[count] = view;
    }
    return view;
  }
}

/** A stack of fixed size: an array that grows and shrinks is made anew each time. */
const kept: (Workspace | undefined)[] = new Array<undefined>(KEPT).fill(undefined);
let count = 0;

export function takeWorkspace(): Workspace {
  if (count === 0) return new Workspace();
  count--;
  return kept[count] as Workspace;
}

export function giveBack(workspace: Workspace): void {
  if (count === KEPT) return;
  kept[count] = workspace;
  count++;
}

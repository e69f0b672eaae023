/** How much one connection reads, or gathers to send, at a time. */
export const WORKSPACE_SIZE = 65_536;
/** More are in use at once only when a handler touches the body of another connection. */
const KEPT = 8;

const kept: Uint8Array[] = [];

/** Room that a connection has while it has the word. */
export const takeWorkspace = (): Uint8Array => kept.pop() ?? new Uint8Array(WORKSPACE_SIZE);

export function giveBack(workspace: Uint8Array): void {
  if (kept.length < KEPT) kept.push(workspace);
}

/** The states of a connection (RFC 9293 §3.3.2). */
export type State =
  | "LISTEN"
  | "SYN-SENT"
  | "SYN-RECEIVED"
  | "ESTABLISHED"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "CLOSE-WAIT"
  | "CLOSING"
  | "LAST-ACK"
  | "TIME-WAIT"
  | "CLOSED";

/** Every legal step from one state to another (RFC 9293 §3.3.2, figure 5, and the text of §3.10). */
export const TRANSITIONS: Readonly<Record<State, readonly State[]>> = {
  CLOSED: ["LISTEN", "SYN-SENT", "SYN-RECEIVED"],
  LISTEN: ["SYN-RECEIVED", "CLOSED"],
  "SYN-SENT": ["SYN-RECEIVED", "ESTABLISHED", "CLOSED"],
  "SYN-RECEIVED": ["ESTABLISHED", "CLOSED"],
  ESTABLISHED: ["FIN-WAIT-1", "CLOSE-WAIT", "CLOSED"],
  "FIN-WAIT-1": ["FIN-WAIT-2", "CLOSING", "TIME-WAIT", "CLOSED"],
  "FIN-WAIT-2": ["TIME-WAIT", "CLOSED"],
  "CLOSE-WAIT": ["LAST-ACK", "CLOSED"],
  CLOSING: ["TIME-WAIT", "CLOSED"],
  "LAST-ACK": ["CLOSED"],
  "TIME-WAIT": ["CLOSED"],
};

/** Whether data may still arrive. */
export function receives(state: State): boolean {
  return state === "ESTABLISHED" || state === "FIN-WAIT-1" || state === "FIN-WAIT-2";
}

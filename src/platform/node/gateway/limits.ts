/** Requests that wait for their turn at a gateway. */
export const WAITING_LIMIT = 1_000;
/** Bytes of a body of unknown length that are gathered, so that a script can be told its length. */
export const GATHER_LIMIT = 1024 * 1024;

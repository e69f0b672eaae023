export const BULK_BYTES = 256 * 2 ** 20;
export const ROUND_TRIPS = 200_000;
export const MESSAGE_BYTES = 64;
export const CONNECTS = 20_000;
export const IDLE_CONNECTIONS = 100_000;

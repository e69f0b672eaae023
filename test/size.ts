/** How much a test does: `size(1_000, 1_000_000)` is the first in `npm test`, the second in `npm run test:long`. */
export const isLong = (): boolean => process.env.NETARIUM_LONG === "1";

export const size = (normal: number, long: number): number => (isLong() ? long : normal);

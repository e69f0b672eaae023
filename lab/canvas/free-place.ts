import type { Point } from "./layout.ts";

/** Nearer than this things cover each other. */
const ROOM = 110;

/** A place with room around it: the wanted one, or one near it, ring by ring. */
export function freePlace(wanted: Point, taken: readonly Point[]): Point {
  const isFree = ({ x, y }: Point): boolean => taken.every((other) => Math.hypot(other.x - x, other.y - y) >= ROOM);
  if (isFree(wanted)) return wanted;
  for (let ring = 1; ring <= taken.length + 1; ring++) {
    const steps = 6 * ring;
    for (let step = 0; step < steps; step++) {
      const angle = (step / steps) * 2 * Math.PI;
      const at = { x: wanted.x + ring * ROOM * Math.cos(angle), y: wanted.y + ring * ROOM * Math.sin(angle) };
      if (isFree(at)) return at;
    }
  }
  return wanted;
}

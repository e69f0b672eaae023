import type { Point } from "./layout.ts";

/** A node is so wide, with its icon at the top in the middle; cables go to the middle of the icon. */
export const NODE_WIDTH = 140;
export const ICON_SIZE = 48;
/** Where cables end, from the middle of the icon. */
export const ICON_RADIUS = 28;

/** The middle of a node's icon, from the corner of the node. */
export const anchorOf = ({ x, y }: Point): Point => ({ x: x + NODE_WIDTH / 2, y: y + ICON_SIZE / 2 });

/** The corner of a node whose icon's middle is there. */
export const cornerOf = ({ x, y }: Point): Point => ({ x: x - NODE_WIDTH / 2, y: y - ICON_SIZE / 2 });

import type { canvas as english } from "../en/canvas.ts";
import type { Translation } from "../text.ts";

export const canvas: Translation<typeof english> = {};

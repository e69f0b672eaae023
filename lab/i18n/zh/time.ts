import type { time as english } from "../en/time.ts";
import type { Translation } from "../text.ts";

export const time: Translation<typeof english> = {};

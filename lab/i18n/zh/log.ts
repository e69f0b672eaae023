import type { log as english } from "../en/log.ts";
import type { Translation } from "../text.ts";

export const log: Translation<typeof english> = {};

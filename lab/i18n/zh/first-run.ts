import type { firstRun as english } from "../en/first-run.ts";
import type { Translation } from "../text.ts";

export const firstRun: Translation<typeof english> = {};

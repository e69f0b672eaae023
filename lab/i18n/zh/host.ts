import type { host as english } from "../en/host.ts";
import type { Translation } from "../text.ts";

export const host: Translation<typeof english> = {};

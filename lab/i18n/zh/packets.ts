import type { packets as english } from "../en/packets.ts";
import type { Translation } from "../text.ts";

export const packets: Translation<typeof english> = {};

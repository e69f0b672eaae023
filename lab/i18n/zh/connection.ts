import type { connection as english } from "../en/connection.ts";
import type { Translation } from "../text.ts";

export const connection: Translation<typeof english> = {};

/** TCP between our sockets and those of the kernel behind passt. */
import { conversations } from "./conversations.ts";
import { PASST } from "./worlds.ts";

conversations(PASST);

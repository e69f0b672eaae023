/** TCP between our sockets and the Linux kernel's, through a tunnel. */
import { conversations } from "./conversations.ts";
import { KERNEL } from "./worlds.ts";

conversations(KERNEL);

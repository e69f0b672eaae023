/** TCP between our sockets and those of gVisor's netstack, through a stream of frames. */
import { conversations } from "./conversations.ts";
import { NETSTACK } from "./worlds.ts";

conversations(NETSTACK);

/** In the place of application/registry.ts in a Worker: programs of few lines, and the others once they have been loaded. */
import { chatServer } from "../../../../application/chat/server.ts";
import { chatUser } from "../../../../application/chat/user.ts";
import type { Program } from "../../../../application/program.ts";
import { timeClient } from "../../../../application/time/client.ts";
import { timeServer } from "../../../../application/time/server.ts";
import { udpReceiver } from "../../../../application/udp-receiver/receiver.ts";
import { udpSender } from "../../../../application/udp-receiver/sender.ts";

const AT_ONCE: readonly Program[] = [chatServer, chatUser, timeClient, timeServer, udpReceiver, udpSender];

export const PROGRAMS = new Map<string, Program>(AT_ONCE.map((program) => [program.name, program]));

export async function loadPrograms(): Promise<void> {
  const loaded = await import("../../../../application/registry.ts");
  for (const [name, program] of loaded.PROGRAMS) if (!PROGRAMS.has(name)) PROGRAMS.set(name, program);
}

import { bulkClient } from "./bulk/client.ts";
import { bulkServer } from "./bulk/server.ts";
import { chatClient } from "./chat/client.ts";
import { chatServer } from "./chat/server.ts";
import { chatUser } from "./chat/user.ts";
import { chatWeb } from "./chat/web/program.ts";
import { chatWebUser } from "./chat/web/user.ts";
import { discardServer } from "./discard/server.ts";
import { dnsServer } from "./dns/server/server.ts";
import { echoServer } from "./echo/server.ts";
import { echoClient } from "./echo/tcp-client.ts";
import { udpEchoClient } from "./echo/udp-client.ts";
import { webClient } from "./http/client/web-client.ts";
import { web } from "./http/web/program.ts";
import type { Program } from "./program.ts";
import { script } from "./script/program.ts";
import { timeClient } from "./time/client.ts";
import { timeServer } from "./time/server.ts";
import { udpReceiver } from "./udp-receiver/receiver.ts";
import { udpSender } from "./udp-receiver/sender.ts";

const ALL: readonly Program[] = [
  ...[bulkClient, bulkServer, chatClient, chatServer, chatUser, chatWeb, chatWebUser, discardServer, dnsServer],
  ...[echoClient, echoServer, script, timeClient, timeServer, udpEchoClient, udpReceiver, udpSender, web, webClient],
];

/** Every program that a network file can name, by its name. */
export const PROGRAMS: ReadonlyMap<string, Program> = new Map(ALL.map((program) => [program.name, program]));

/**
 * One server of the fan-out benchmark, in a process of its own so that its CPU time is its own: our chat room, or the plain
 * broadcast loop of the package `ws`. Told "say" it says something to all; told "cpu" it tells its CPU seconds.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { Chat } from "../src/application/chat/chat.ts";
import { MemoryStore } from "../src/application/chat/memory-store.ts";
import { ChatWeb } from "../src/application/chat/web/handler.ts";
import { Sessions } from "../src/application/chat/web/sessions.ts";
import { serveHttp } from "../src/application/http/server/server.ts";
import { osContext } from "../src/platform/node/os-context.ts";

const [kind = "", clients = "0", text = ""] = process.argv.slice(2);
const say = kind === "chat" ? await serveChat() : await serveWs();

process.on("message", (told: { say: number } | "cpu") => {
  if (told === "cpu") {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: (user + system) / 1e6 });
  } else for (let n = 0; n < told.say; n++) say();
});
process.on("disconnect", () => process.exit());

/** The chat as it is, with a session for each client. */
async function serveChat(): Promise<() => void> {
  const context = osContext({ signal: new AbortController().signal });
  const { clock, random, work } = context;
  const store = new MemoryStore();
  const date = () => clock.date();
  const chat = new Chat({ store, date });
  const sessions = new Sessions(store, random, () => date().getTime());
  const cookies = Array.from({ length: Number(clients) }, (_, n) => `chat=${sessions.guest(`client${n}`).token}`);
  const web = new ChatWeb({ chat, clock, random, work });
  const server = await serveHttp(context, { address: "127.0.0.1", port: 0, handler: web.handler });
  const speaker = chat.enter(() => {}, "speaker");
  process.send?.({ port: server.address.port, cookies });
  return () => chat.say(speaker, "lobby", text);
}

/** As its documentation shows a broadcast; each message has the members that the chat's has. */
async function serveWs(): Promise<() => void> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  process.send?.({ port: (server.address() as AddressInfo).port, cookies: [] });
  server.on("connection", (client) => {
    client.on("message", () => client.send(JSON.stringify({ type: "rooms", rooms: [] })));
  });
  let seq = 0;
  return () => {
    const json = JSON.stringify({
      type: "message",
      room: "lobby",
      seq: ++seq,
      time: Date.now(),
      name: "speaker",
      text,
    });
    for (const client of server.clients) client.send(json);
  };
}

/**
 * The chat room on this machine: a page for browsers, lines for nc and telnet, kept in a file.
 *
 *   npx node --conditions=netarium:source examples/chat-web.ts [FILE] [PORT] [PORT FOR LINES] [MESSAGES A SECOND]
 *
 * In a project of your own the two imports are `netarium` and `netarium/node`. Behind a proxy that speaks TLS, tell the chat
 * where browsers reach it: `origins: ["https://chat.example"]`; its cookies are then Secure.
 */
import { chatWeb, completeParameters, formatMessage, serveChat } from "netarium";
import { osContext, SqliteStore, scryptPasswords } from "netarium/node";

const [file = "chat.sqlite", port = "8080", lines = "8888", rate = "10"] = process.argv.slice(2);
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());

const store = new SqliteStore(file, (error) => console.error("a message could not be kept:", error));
const context = osContext({
  signal: stop.signal,
  log: (code, parameters = {}) => console.log(formatMessage(chatWeb.messages, code, parameters)),
});
const parameters = completeParameters(chatWeb, {
  ...{ address: "127.0.0.1", port: Number(port), lines: Number(lines) },
  ...{ rate: Number(rate), burst: 3 * Number(rate) },
});
try {
  await serveChat(context, parameters, { store, passwords: scryptPasswords });
} finally {
  store.close();
}

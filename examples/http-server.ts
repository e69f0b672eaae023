/**
 * A small web program on this machine: `node examples/http-server.ts [PORT]` where netarium is installed (in a clone,
 * `npx node --conditions=netarium:source examples/http-server.ts`). The same handler runs on a virtual host.
 */
import { type Handler, HTTP_MESSAGES, Response, serveHttp } from "netarium/http";
import { osContext } from "netarium/node";
import { seconds } from "netarium/socket";

const notes: string[] = [];

/** Notes that visitors leave: GET / shows them, POST / adds one, GET /time tells the time each second. */
const handler: Handler = async (request, info) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/time") return new Response(ticks(info.signal), { headers: { "Content-Type": "text/plain" } });
  if (pathname !== "/") return new Response("Nothing here.\n", { status: 404 });
  if (request.method === "POST") {
    notes.push((await request.text()).slice(0, 1000));
    return Response.redirect("/", 303);
  }
  if (request.method === "GET" || request.method === "HEAD")
    return new Response(notes.map((note) => `- ${note}\n`).join(""));
  return new Response("", { status: 405, headers: { Allow: "GET, HEAD, POST" } });
};

/** A body in pieces. It ends when its client has gone. */
async function* ticks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  while (!signal.aborted) {
    yield encoder.encode(`${context.clock.date().toISOString()}\n`);
    await context.clock.sleep(seconds(1), signal);
  }
}

const stop = new AbortController();
const context = osContext({
  signal: stop.signal,
  log: (code, parameters) => console.error(HTTP_MESSAGES[code as keyof typeof HTTP_MESSAGES] ?? code, parameters),
});
const server = await serveHttp(context, { address: "127.0.0.1", port: Number(process.argv[2] ?? 8080), handler });
console.log(`http://127.0.0.1:${server.address.port}/`);

// The first Ctrl-C lets requests end, a second one does not.
process.once("SIGINT", () => {
  void server.close({ graceful: true });
  process.once("SIGINT", () => stop.abort());
});
await server.ended;

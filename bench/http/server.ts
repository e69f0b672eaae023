/**
 * One of the servers that are compared, in a process of its own: `server.ts KIND FOLDER`. It tells its port as a message, and
 * for each message it gets how many microseconds of CPU it has used.
 */
import { createReadStream, statSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import fastify from "fastify";
import { Response, serveHttp, staticFiles } from "../../src/application/http/index.ts";
import { osContext } from "../../src/platform/node/os-context.ts";
import { OsFiles } from "../../src/platform/node/os-files.ts";
import { BODY, FILE } from "./sizes.ts";

const [, , kind, folder = ""] = process.argv;
const HOST = "127.0.0.1";

/** Ours, through the public handler; every field is parsed and every limit is on. */
async function ours(): Promise<number> {
  const context = osContext({ signal: new AbortController().signal });
  const files = staticFiles(context, await OsFiles.open(folder));
  const server = await serveHttp(context, {
    address: HOST,
    port: 0,
    handler: (request, info) =>
      request.target === `/${FILE}`
        ? files(request, info)
        : new Response(BODY, { headers: { "Content-Type": "text/plain" } }),
  });
  return server.address.port;
}

function nodeHttp(): Promise<number> {
  const server = createHttpServer((request, response) => {
    if (request.url === `/${FILE}`) {
      const path = join(folder, FILE);
      response.setHeader("Content-Length", statSync(path).size);
      createReadStream(path).pipe(response);
      return;
    }
    response.setHeader("Content-Type", "text/plain");
    response.setHeader("Content-Length", BODY.length);
    response.end(BODY);
  });
  return new Promise((resolve) => {
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}

async function fast(): Promise<number> {
  const app = fastify();
  app.get("/", (_request, reply) => reply.type("text/plain").send(BODY));
  await app.listen({ port: 0, host: HOST });
  return (app.server.address() as AddressInfo).port;
}

/** Answers whatever comes, without a look at it: as fast as `node:net` can be. */
function canned(): Promise<number> {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: ${new Date().toUTCString()}\r\nContent-Length: ${BODY.length}\r\n\r\n`;
  const answer = Buffer.from(head + BODY);
  const server = createServer((socket) => {
    socket.setNoDelay();
    socket.on("data", () => socket.write(answer));
    socket.on("error", () => {});
  });
  return new Promise((resolve) => {
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}

const servers: Readonly<Record<string, () => Promise<number>>> = {
  netarium: ours,
  node: nodeHttp,
  fastify: fast,
  canned,
};
const serve = servers[kind ?? ""];
if (serve === undefined) throw new Error(`no server ${kind}`);
const port = await serve();
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on("disconnect", () => process.exit());
process.send?.(port);

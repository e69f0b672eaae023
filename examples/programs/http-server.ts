/** A small web server, by hand: `curl http://server/` shows the page, and all that a request is made of. */
import { chunks, connections, listenTcp, type Socket, sockets, writeAll } from "netarium/socket";

const PORT = 80;
const HEAD_LIMIT = 8192;
const encoder = new TextEncoder();

interface Answer {
  readonly status: string;
  readonly type: string;
  readonly body: string;
}

/** The first lines of a request, until the empty one; undefined when they do not come. */
async function readHead(socket: Socket): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let head = "";
  for await (const chunk of chunks(socket)) {
    head += decoder.decode(chunk, { stream: true });
    if (head.includes("\r\n\r\n")) return head;
    if (head.length > HEAD_LIMIT) return undefined;
  }
  return undefined;
}

function answer(head: string): Answer {
  const [line = "", ...fields] = head.split("\r\n");
  const [method, target] = line.split(" ");
  if (method !== "GET")
    return { status: "405 Method Not Allowed", type: "text/plain", body: "Only GET is understood.\n" };
  if (target === "/")
    return { status: "200 OK", type: "text/html", body: "<h1>It works</h1><p>See also <a href=/time>the time</a>.\n" };
  if (target === "/time") return { status: "200 OK", type: "text/plain", body: `${new Date().toISOString()}\n` };
  if (target === "/echo") return { status: "200 OK", type: "text/plain", body: fields.join("\n") };
  return { status: "404 Not Found", type: "text/plain", body: `There is no ${target} here.\n` };
}

async function serve(socket: Socket): Promise<void> {
  try {
    const head = await readHead(socket);
    const { status, type, body } =
      head === undefined
        ? { status: "400 Bad Request", type: "text/plain", body: "That is no request.\n" }
        : answer(head);
    const bytes = encoder.encode(body);
    const lines = [`HTTP/1.1 ${status}`, `Content-Type: ${type}; charset=utf-8`, `Content-Length: ${bytes.length}`];
    await writeAll(socket, encoder.encode(`${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`));
    await writeAll(socket, bytes);
    console.log(`${socket.getpeername().address} ${head?.split("\r\n")[0]} ${status}`);
  } catch (error) {
    console.warn(error);
  }
  await socket.close();
}

const listener = await listenTcp(sockets, { address: "0.0.0.0", port: PORT });
console.log("Web server on port", PORT);
for await (const socket of connections(listener)) void serve(socket);

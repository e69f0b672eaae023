/** A chat room: what one says all others hear, line by line. Try it with `nc server 8888`. */
import { chunks, connections, listenTcp, type Socket, sockets, writeAll } from "netarium/socket";

const PORT = 8888;
const LINE_LIMIT = 1000;
const people = new Map<Socket, string>();
const encoder = new TextEncoder();

/** Tells all but one. Who cannot be told is gone, and found out by the one who listens to them. */
async function tell(text: string, except?: Socket): Promise<void> {
  console.log(text);
  const others = [...people.keys()].filter((socket) => socket !== except);
  await Promise.all(others.map((socket) => writeAll(socket, encoder.encode(`${text}\n`)).catch(() => {})));
}

/** What comes on a connection, line by line. */
async function* lines(socket: Socket): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks(socket)) {
    const whole = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = (whole.pop() ?? "").slice(0, LINE_LIMIT);
    yield* whole;
  }
}

async function serve(socket: Socket): Promise<void> {
  let name = "";
  try {
    await writeAll(socket, encoder.encode("What is your name?\n"));
    for await (const line of lines(socket)) {
      if (name !== "") await tell(`${name}: ${line}`, socket);
      else if (line.trim() !== "") {
        name = line.trim();
        people.set(socket, name);
        await tell(`${name} has come`, socket);
      }
    }
  } catch (error) {
    console.warn(name, "was lost:", error);
  }
  people.delete(socket);
  await socket.close();
  if (name !== "") await tell(`${name} has gone`);
}

const listener = await listenTcp(sockets, { address: "0.0.0.0", port: PORT });
console.log("Chat room on port", PORT);
for await (const socket of connections(listener)) void serve(socket);

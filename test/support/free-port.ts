import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that systems give to whoever asks for any: the next connection of another test could have one of them. */
const FIRST = 18_000;
const LAST = 30_000;
const TRIES = 100;

/** A port of 127.0.0.1 that nobody has now, of TCP or UDP, and that is given to nobody who does not name it. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = randomInt(FIRST, LAST);
    if ((await isFree(port)) && (await isFreeOfDatagrams(port))) return port;
  }
  throw new Error(`no port from ${FIRST} to ${LAST} is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const free = await succeeds(once(server, "listening"));
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

async function isFreeOfDatagrams(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  socket.bind(port, "127.0.0.1");
  const free = await succeeds(once(socket, "listening"));
  socket.close();
  return free;
}

const succeeds = (what: Promise<unknown>): Promise<boolean> =>
  what.then(
    () => true,
    () => false,
  );

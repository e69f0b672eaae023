import type { ProgramContext } from "netarium";
import { chunks, connections, listenTcp, type Socket } from "netarium/socket";

/** Collects numbered lines, such as "12 warm", and confirms each with its number. */
export function collector(collected: Map<number, string>) {
  return async ({ sockets }: ProgramContext): Promise<void> => {
    const listener = await listenTcp(sockets, { address: "0.0.0.0", port: 4000 });
    for await (const socket of connections(listener)) void collect(socket, collected).catch(() => socket.close());
  };
}

async function collect(socket: Socket, collected: Map<number, string>): Promise<void> {
  let rest = "";
  for await (const chunk of chunks(socket)) {
    const lines = (rest + new TextDecoder().decode(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [number = "", text = ""] = line.split(" ");
      collected.set(Number(number), text);
      await socket.send(new TextEncoder().encode(`${number}\n`));
    }
  }
}

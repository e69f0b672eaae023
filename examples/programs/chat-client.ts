/** Somebody in the chat room of the host `server`, who says a few things and writes down what the others say. */
import { chunks, clock, connectTcp, names, seconds, sockets, writeAll } from "netarium/socket";

const SAYS = ["Hello!", "How is the weather on your side of the switch?", "I have to go."];

const [address = ""] = await names.lookup("server");
const socket = await connectTcp(sockets, { address, port: 8888 });
const say = (text: string): Promise<void> => writeAll(socket, new TextEncoder().encode(`${text}\n`));

async function listen(): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks(socket)) console.log(decoder.decode(chunk, { stream: true }).trimEnd());
}

const listening = listen();
await say(`guest${Math.floor(1000 * Math.random())}`);
for (const text of SAYS) {
  await clock.sleep(seconds(1 + 4 * Math.random()));
  await say(text);
}
await socket.shutdown("write");
await listening;
await socket.close();

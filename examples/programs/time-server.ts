/** Tells the time to whoever connects, one line each: `nc server 3434`. */
import { connections, listenTcp, sockets } from "netarium/socket";

const listener = await listenTcp(sockets, { address: "0.0.0.0", port: 3434 });
console.log("Time server on port", listener.getsockname().port);

for await (const socket of connections(listener)) {
  const { address, port } = socket.getpeername();
  const line = `Current time is ${new Date().toISOString()}`;
  await socket.send(new TextEncoder().encode(`${line}\n`));
  await socket.close();
  console.log(`Told ${address}:${port}: ${line}`);
}

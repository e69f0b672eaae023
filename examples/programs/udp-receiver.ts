/** Writes down each datagram that comes to port 3434. */
import { sockets } from "netarium/socket";

const socket = sockets.socket("inet", "dgram");
await socket.bind({ address: "0.0.0.0", port: 3434 });
console.log("Waiting for datagrams on port", socket.getsockname().port);

for (;;) {
  const { data, from } = await socket.recvfrom(65_507);
  console.log(`${from.address}:${from.port} says: ${new TextDecoder().decode(data)}`);
}

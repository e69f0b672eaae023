/** Sends a datagram to the host `server` every second. Nobody says whether it arrived. */
import { clock, names, seconds, sockets } from "netarium/socket";

const [address = ""] = await names.lookup("server");
const socket = sockets.socket("inet", "dgram");

for (let number = 1; number <= 5; number++) {
  await socket.sendto(new TextEncoder().encode(`Hello ${number}`), { address, port: 3434 });
  console.log("Sent", number);
  await clock.sleep(seconds(1));
}
await socket.close();

/** Asks the time server on the host `server` for the time. */
import { chunks, connectTcp, names, sockets } from "netarium/socket";

const [address = ""] = await names.lookup("server");
const socket = await connectTcp(sockets, { address, port: 3434 });

const decoder = new TextDecoder();
let answer = "";
for await (const chunk of chunks(socket)) answer += decoder.decode(chunk, { stream: true });
await socket.close();
console.log(answer.trim());

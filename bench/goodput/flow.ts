/**
 * `node flow.ts send`: sends zeros to everyone who connects to port 5001, as fast as the kernel takes them.
 * `node flow.ts receive ADDRESS SECONDS [PAUSE]`: connects after so many milliseconds, reads and discards, and after so many
 * seconds from the call of connect prints the bytes that have come. Both cost little, to leave the processor to the kernel.
 */
import { connect, createServer } from "node:net";

const PORT = 5001;
const [role, address = "", seconds = "", pause = "0"] = process.argv.slice(2);

if (role === "send") {
  const zeros = Buffer.alloc(256 * 1024);
  const server = createServer((socket) => {
    const send = (): void => {
      while (socket.write(zeros));
    };
    socket.on("drain", send);
    socket.on("error", () => {});
    send();
  });
  server.listen(PORT, () => console.log("ready"));
} else {
  setTimeout(() => {
    let bytes = 0;
    const onread = {
      buffer: Buffer.alloc(1024 * 1024),
      callback: (count: number): boolean => {
        bytes += count;
        return true;
      },
    };
    setTimeout(() => {
      console.log(bytes);
      process.exit();
    }, Number(seconds) * 1000);
    connect({ host: address, port: PORT, onread });
  }, Number(pause));
}

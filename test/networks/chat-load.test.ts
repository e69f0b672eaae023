import { describe, test } from "node:test";
import { chatServer } from "../../src/application/chat/server.ts";
import { chatLoad } from "../fixtures/chat-load.ts";
import { RunningProgram } from "../fixtures/running-program.ts";
import { Netarium, temporaryFolder } from "../interop/netarium.ts";
import { size } from "../size.ts";

const LOAD = { clients: 200, killed: 66, messages: size(2, 60), every: 1000 };

const NETWORK = `
netarium: 1
devices:
  door: { kind: host, address: 10.0.0.2/24 }
  switch: { kind: switch, ports: 2 }
  chat: { kind: host, address: 10.0.0.1/24, programs: [chat-server] }
cables:
  - { between: [door, switch], delay: 1ms, rate: 1Gbit/s }
  - { between: [switch, chat], delay: 1ms, rate: 1Gbit/s }
doors:
  join: { publish: tcp, real: "127.0.0.1:0", from: door, to: "chat:8888" }
`;

describe("200 people chat, and a third of them is killed in the middle of a message", { timeout: 180_000 }, () => {
  test("on the operating system, no message is lost or doubled, and each sender's order is kept", async (t) => {
    const server = RunningProgram.start(chatServer, { address: "127.0.0.1", port: 0 });
    const lines = await chatLoad({ ...LOAD, port: await server.port() });
    t.diagnostic(`${lines} lines heard`);
    await server.stop();
  });

  test("through a published port of a virtual network, the same", async (t) => {
    const folder = temporaryFolder();
    const network = new Netarium(folder.path("chat.yaml"), NETWORK);
    try {
      const [, port] = /127\.0\.0\.1:(\d+) is/.exec(await network.says(/tcp 127\.0\.0\.1:\d+ is/)) ?? [];
      const lines = await chatLoad({ ...LOAD, port: Number(port) });
      t.diagnostic(`${lines} lines heard`);
    } finally {
      await network.stop();
      folder.remove();
    }
  });
});

import { describe, test } from "node:test";
import { chatServer } from "../../src/application/chat/server.ts";
import { chatLoad } from "../fixtures/chat-load.ts";
import { RunningProgram } from "../fixtures/running-program.ts";
import { size } from "../size.ts";

const LOAD = { clients: 200, killed: 66, messages: size(4, 60), every: 1000 };

describe("200 people chat, and a third of them is killed in the middle of a message", { timeout: 120_000 }, () => {
  test("on the operating system, no message is lost or doubled, and each sender's order is kept", async (t) => {
    const server = RunningProgram.start(chatServer, { address: "127.0.0.1", port: 0 });
    const lines = await chatLoad({ ...LOAD, port: await server.port() });
    t.diagnostic(`${lines} lines heard`);
    await server.stop();
  });
});

import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import type { StreamDoor } from "../../network/doors/stream-door.ts";
import { Network } from "../../network/network.ts";
import { publishStreams, UNSAID_LIMIT } from "./publish-streams.ts";

test("while the network takes nothing from outside, little of its clients is kept, and then all goes in", async (t) => {
  const network = new Network();
  network.host("entry", { address: "10.0.0.1/24" });
  const { inputs } = network;
  const door = network.publish("web", "tcp", "entry", { address: "10.0.0.1", port: 80 }) as StreamDoor;
  const submit = inputs.submit.bind(inputs);
  let isFull = true;
  let came = "";
  inputs.submit = (name, kind, bytes, ...rest) => {
    if (isFull || !submit(name, kind, bytes, ...rest)) return false;
    if (kind === "data") came += Buffer.from(bytes ?? []);
    return true;
  };
  const port = await publishStreams(door, { address: "127.0.0.1", port: 0 });
  const clients: Socket[] = [];
  let reset = 0;
  const client = async (): Promise<Socket> => {
    const socket = connect({ host: "127.0.0.1", port: port.at.port, noDelay: true });
    socket.on("error", () => reset++);
    clients.push(socket);
    await new Promise((resolve) => socket.once("connect", resolve).once("error", resolve));
    return socket;
  };
  t.after(() => {
    for (const socket of clients) socket.destroy();
    port.close();
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  const talker = await client();
  let said = "";
  for (let n = 0; n < 50; n++) {
    talker.write(`${n} `);
    said += `${n} `;
    await turn();
    await turn();
  }
  // Of the talker there is its opening and its first piece.
  for (let n = 0; n < UNSAID_LIMIT - 2 + 10; n++) await client();
  while (reset < 10) await turn();

  isFull = false;
  while (came.length < said.length) await turn();
  assert.equal(came, said);
  assert.equal(reset, 10, "only who came when there were too many");
});

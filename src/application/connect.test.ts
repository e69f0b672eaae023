import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualLan } from "../../test/fixtures/virtual-lan.ts";
import { NameError, type Names } from "../socket/names.ts";
import { milliseconds, seconds } from "../time/instant.ts";
import { connectTo, resolveFirst } from "./connect.ts";
import { echoServer } from "./echo/server.ts";

const names: Names = {
  lookup: (name) =>
    name === "both.test"
      ? Promise.resolve(["10.0.0.3", "10.0.0.1"])
      : name === "none.test"
        ? Promise.resolve(["10.0.0.3", "10.0.0.2"])
        : Promise.reject(new NameError("ENOTFOUND", name)),
};

test("a connection goes to the first address of a name that takes it", async () => {
  const lan = new VirtualLan(["server", "pc"]);
  lan.start("server", echoServer, {});
  const { sockets } = lan.host("pc");
  const outcome = async (address: string): Promise<string> => {
    const connecting = connectTo({ sockets, names }, { address, port: 7 }).then(
      (socket) => socket.getpeername().address,
      (error: Error & { address?: string }) => error.message,
    );
    await lan.run(seconds(10));
    return connecting;
  };
  assert.equal(await outcome("both.test"), "10.0.0.1", "the first is not there");
  assert.match(await outcome("none.test"), /^connect EHOSTUNREACH 10\.0\.0\.3:7$/);
  assert.equal(await outcome("gone.test"), "lookup ENOTFOUND gone.test");
  const stopped = AbortSignal.abort(new Error("stopped"));
  const aborted = connectTo({ sockets, names }, { address: "both.test", port: 7 }, { signal: stopped });
  await assert.rejects(aborted, /stopped/);
  await lan.run(milliseconds(1));
});

test("datagrams go to the first address of a name", async () => {
  assert.deepEqual(await resolveFirst({ names }, { address: "both.test", port: 5 }), { address: "10.0.0.3", port: 5 });
});

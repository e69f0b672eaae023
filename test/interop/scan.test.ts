/** nmap looks at a host of ours through a tunnel, with segments that no stack sends, and upsets nothing. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { discardServer } from "../../src/application/discard/server.ts";
import { echoServer } from "../../src/application/echo/server.ts";
import { timeServer } from "../../src/application/time/server.ts";
import { seconds } from "../../src/time/instant.ts";
import { isLong } from "../size.ts";
import { damagedFrames } from "../tshark.ts";
import { stage } from "./pairs.ts";
import { KERNEL, type World } from "./worlds.ts";

describe("nmap through a tunnel", { timeout: 300_000 }, () => {
  let opened: World | undefined;
  let capture: (() => Uint8Array) | undefined;
  const world = (): World => opened as World;

  before(async () => {
    if (!KERNEL.needs({ skip: () => {} }, "nmap", "tshark")) return;
    opened = await KERNEL.open();
    const { network, host } = opened.ground;
    network.start(host, echoServer, { port: 7 });
    network.start(host, discardServer, { port: 9 });
    network.start(host, timeServer, { port: 37 });
    capture = opened.ground.capture();
  });

  after(() => opened?.close());

  /** The programs still serve, and nothing of the scan is left over. */
  async function isWell(): Promise<void> {
    await stage(world(), async ({ context, far }) => {
      const echo = await far.connect(world().us, 7);
      await echo.send("well?");
      assert.equal(await echo.recv(), "well?");
      await echo.close();
      await context.clock.sleep(seconds(1));
    });
    const { connections } = world().ground.host.tcp.snapshot();
    assert.deepEqual(
      connections.filter(({ state }) => state !== "TIME-WAIT").map(({ state }) => state),
      [],
    );
    assert.equal(world().ground.network.pool.inUse, 0);
  }

  /** What is answered at once is asked for again and again, should the machine stand still. */
  const scan = async (...how: string[]): Promise<string> =>
    world().namespace.run("nmap", "-n", "-Pn", "--max-retries", "10", ...how, world().us);

  test("a SYN scan finds the open ports, and the detection of the system leaves us as we were", async (t) => {
    if (!KERNEL.needs(t, "nmap", "tshark")) return;
    const found = await scan("-sS", "-O", "--max-os-tries", "1", "--osscan-guess", "-p", "1-100");
    assert.match(found, /^7\/tcp +open .*\n9\/tcp +open .*\n37\/tcp +open .*$/m);
    assert.match(found, /97 closed tcp ports \(reset\)/);
    t.diagnostic(/^(Aggressive OS guesses|OS details|No exact OS).*$/m.exec(found)?.[0] ?? "no guess");
    await isWell();
  });

  test("so do scans by connections, for versions, and with flags that make no sense", async (t) => {
    if (!KERNEL.needs(t, "nmap", "tshark")) return;
    assert.match(await scan("-sT", "-p", "1-100"), /^7\/tcp +open/m);
    assert.match(await scan("-sV", "--version-intensity", "2", "-p", isLong() ? "7,37" : "7"), /^7\/tcp +open +echo/m);
    for (const how of ["-sN", "-sF", "-sX"])
      assert.match(await scan(how, "--max-retries", "1", "-p", "7,8"), /^8\/tcp +closed/m);
    assert.match(await scan("-sA", "-p", "7,8"), /unfiltered/);
    await isWell();
  });

  test("a ping scan and one of UDP ports find what is there", async (t) => {
    if (!KERNEL.needs(t, "nmap", "tshark")) return;
    const up = await world().namespace.run("nmap", "-n", "-sn", "-PS7", "-PE", "--send-ip", world().us);
    assert.match(up, /1 host up/);
    assert.match(await scan("-sU", "-p", "7"), /^7\/udp +open /m);
    await isWell();
  });

  test("what we answered was sound", async (t) => {
    if (!KERNEL.needs(t, "nmap", "tshark")) return;
    assert.deepEqual(await damagedFrames(capture?.() as Uint8Array, world().ground.address), []);
  });
});

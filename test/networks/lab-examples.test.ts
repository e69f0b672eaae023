/** Every example in the lab: going back repeats all that happened, with TLS and compression too. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { Engine } from "../../src/engine/engine.ts";
import { nodeCompression } from "../../src/platform/node/compression.ts";
import { readNetworkFile } from "../../src/platform/node/network-file.ts";
import { nodePlatform } from "../../src/platform/node/runtime.ts";
import { NetworkTls } from "../../src/platform/node/tls/network-tls.ts";
import { LabWatcher } from "../fixtures/lab.ts";
import { temporaryFolder } from "../interop/netarium.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const folder = temporaryFolder();
after(() => folder.remove());

for (const name of readdirSync(EXAMPLES).filter((each) => each.endsWith(".yaml"))) {
  test(`${name} is the same after a rewind`, { timeout: 120_000 }, async () => {
    const file = join(EXAMPLES, name);
    const { document } = readNetworkFile(file, { allow: new Set(["publish", "tunnel"]) });
    assert.ok(document);
    const tls = new NetworkTls(folder.path("authority"));
    await tls.authority;
    const engine = await Engine.start({
      ...{ document, text: readFileSync(file, "utf8"), file, netarium: "0", id: "1", kind: "node" },
      ...{ platform: nodePlatform, tls, compression: nodeCompression },
    });
    const watcher = new LabWatcher(engine);
    await watcher.request("time.runUntil", { at: 40e9 });
    const { next } = engine.state.capture;
    assert.ok(next > 50);
    await watcher.request("time.branch", { at: 20e9 });
    assert.equal(engine.state.differs, undefined);
    await watcher.request("time.speed", { speed: 1000 });
    await watcher.request("time.play", {});
    await watcher.request("time.runUntil", { at: 40e9 });
    assert.equal(engine.state.capture.next, next);
    assert.equal(engine.state.failed, undefined);
    await engine.close();
  });
}

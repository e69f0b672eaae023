import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Network } from "./network.ts";

describe("the names that hosts of a network know", () => {
  test("are those of their own hosts file, then of the network's, then of the devices", async () => {
    const network = new Network({ hosts: { "a.test": "10.1.0.1", "b.test": "10.1.0.2", server: "10.1.0.3" } });
    const pc = network.host("pc", { address: "10.0.0.1/24", hosts: { "b.test": ["10.2.0.2", "10.2.0.3"] } });
    const other = network.host("Other", { address: "10.0.0.2/24" });
    network.host("server", { address: "10.0.0.3/24" });
    network.host("bare");
    network.router("r", { interfaces: { eth0: "10.0.0.4/24", eth1: "10.0.1.4/24" } });
    const lookup = (name: string, host = pc) =>
      network.names
        .of(host)
        .lookup(name)
        .catch((error: Error) => error.message);
    assert.deepEqual(await lookup("a.test"), ["10.1.0.1"]);
    assert.deepEqual(await lookup("b.test"), ["10.2.0.2", "10.2.0.3"]);
    assert.deepEqual(await lookup("b.test", other), ["10.1.0.2"]);
    assert.deepEqual(await lookup("server"), ["10.1.0.3"]);
    assert.deepEqual(await lookup("OTHER"), ["10.0.0.2"]);
    assert.deepEqual(await lookup("r."), ["10.0.0.4"], "its first address");
    assert.deepEqual(await lookup("bare"), "lookup ENOTFOUND bare");
    assert.deepEqual(await lookup("pc.test"), "lookup ENOTFOUND pc.test");
    network.host("later", { address: "10.0.0.9/24" });
    assert.deepEqual(await lookup("later"), ["10.0.0.9"]);
  });

  test("are asked of the host's name servers, else of the network's", () => {
    const network = new Network({ nameServers: ["10.0.0.53", "10.0.0.54:5353"] });
    const [own, common, none] = [["10.0.0.9"], undefined, []].map((nameServers, n) => {
      const host = network.host(`h${n}`, nameServers === undefined ? {} : { nameServers });
      return network.names.of(host).servers.map(({ address, port }) => `${address}:${port}`);
    });
    assert.deepEqual([own, common, none], [["10.0.0.9:53"], ["10.0.0.53:53", "10.0.0.54:5353"], []]);
    const host = network.host("h3");
    assert.equal(network.names.of(host), network.names.of(host), "one for all its programs");
  });

  test("and servers have to be such", () => {
    assert.throws(() => new Network({ nameServers: ["ns"] }), /not the address of a name server: ns/);
    assert.throws(() => new Network({ hosts: { "a..b": "10.0.0.1" } }), /not a domain name: a\.\.b/);
    const network = new Network();
    assert.throws(() => network.host("a", { nameServers: ["10.0.0.1:99999"] }), /not the address of a name server/);
    assert.throws(() => network.host("b", { hosts: { a: "10.0.0" } }), /not an address: 10\.0\.0/);
    assert.throws(() => network.host("c", { search: ["a..b"] }), /not a domain name: a\.\.b/);
  });
});

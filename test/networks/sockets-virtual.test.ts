/** What only a virtual host's sockets can show: networks that fail, and time that is counted. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Random } from "../../src/base/random.ts";
import { EndpointSockets } from "../../src/socket/virtual.ts";
import { VirtualWaking } from "../../src/socket/virtual-waking.ts";
import { microseconds, milliseconds, seconds } from "../../src/time/instant.ts";
import { TwoHosts } from "./sockets/two-hosts.ts";
import { bytes, closeAll, connected, listening, pattern, readAll, refused, text } from "./sockets/world.ts";

/** The virtual milliseconds that something takes. */
async function timed(hosts: TwoHosts, work: () => Promise<unknown>): Promise<number> {
  const before = hosts.scheduler.now;
  await work();
  return (hosts.scheduler.now - before) / 1e6;
}

describe("a virtual host's sockets", () => {
  test("an absent host, an address without a route and a silent one each fail in their own way", () => {
    const hosts = new TwoHosts();
    return hosts.run(async () => {
      const { net } = hosts;
      const connect = (address: string, timeout?: number) => {
        const socket = net.client.socket("inet", "stream");
        const options = timeout === undefined ? {} : { timeout: seconds(timeout) };
        return socket.connect({ address, port: 80 }, options).finally(() => socket.close());
      };
      const absent = await timed(hosts, () => refused(() => connect("10.0.0.77"), "EHOSTUNREACH"));
      assert.ok(absent >= 2500 && absent <= 3500, `ARP gives up after about 3 s, not ${absent} ms`);
      assert.equal(await timed(hosts, () => refused(() => connect("203.0.113.1"), "ENETUNREACH")), 0);
      await refused(() => connect("224.0.0.9"), "ENETUNREACH", "EACCES");
      await refused(() => connect(net.at), "ECONNREFUSED");
      hosts.cable.setConditions("both", { cut: true });
      assert.equal(await timed(hosts, () => refused(() => connect(net.at, 2), "ETIMEDOUT")), 2000);
      const silent = await timed(hosts, () => refused(() => connect(net.at), "ETIMEDOUT", "EHOSTUNREACH"));
      assert.ok(silent > 2000, `${silent} ms`);
    });
  });

  test("datagrams to nowhere are refused, and to an absent host told to who is connected", () => {
    const hosts = new TwoHosts();
    return hosts.run(async () => {
      const socket = hosts.net.client.socket("inet", "dgram");
      await refused(() => socket.sendto(bytes("x"), { address: "203.0.113.1", port: 9 }), "ENETUNREACH");
      await socket.connect({ address: "10.0.0.77", port: 9 });
      await socket.send(bytes("anybody?"));
      await refused(() => socket.recv(10), "EHOSTUNREACH");
      await socket.close();
    });
  });

  test("a sender of datagrams waits for room in its interface, and none is lost there", () => {
    const hosts = new TwoHosts({ delay: microseconds(10), rate: 10e6 });
    return hosts.run(async () => {
      const { net } = hosts;
      const server = net.server.socket("inet", "dgram");
      server.setsockopt("SO_RCVBUF", 16 * 1024 * 1024);
      await server.bind({ address: net.at, port: 9 });
      const client = net.client.socket("inet", "dgram");
      await client.sendto(bytes("first"), server.getsockname());
      await server.recv(10);
      const count = 3000;
      let refusals = 0;
      for (let i = 0; i < count; i++) {
        if (client.writeTo(pattern(i, 1000), server.getsockname()) === "EAGAIN") {
          refusals++;
          assert.equal(client.poll().writable, false);
          await client.sendto(pattern(i, 1000), server.getsockname());
        }
      }
      assert.ok(refusals > 0, "the interface's queue was full");
      for (let i = 0; i < count; i++) assert.deepEqual(await server.recv(2000), pattern(i, 1000), `datagram ${i}`);
      await closeAll(client, server);
    });
  });

  test("a linger waits until the end is acknowledged, and no longer than told", () => {
    const hosts = new TwoHosts({ delay: milliseconds(20), rate: 1e9 });
    return hosts.run(async () => {
      const { net } = hosts;
      const first = await connected(net);
      first.client.setsockopt("SO_LINGER", 5);
      const reading = readAll(first.server);
      await first.client.send(pattern(0, 100_000));
      const acknowledged = await timed(hosts, () => first.client.close());
      assert.ok(acknowledged >= 40 && acknowledged < 1000, `${acknowledged} ms`);
      assert.equal((await reading).length, 100_000);
      await closeAll(first.server, first.listener);
      const second = await connected(net);
      second.client.setsockopt("SO_LINGER", 2);
      hosts.cable.setConditions("both", { cut: true });
      await second.client.send(bytes("lost"));
      assert.equal(await timed(hosts, () => second.client.close()), 2000);
      await closeAll(second.server, second.listener);
    });
  });

  test("a host reaches itself by loopback and by its own address", () => {
    const hosts = new TwoHosts();
    return hosts.run(async () => {
      const { server } = hosts.net;
      const listener = server.socket("inet", "stream");
      await listener.bind({ address: "0.0.0.0", port: 80 });
      await listener.listen();
      for (const address of ["127.0.0.1", "10.0.0.2", "0.0.0.0"]) {
        const client = server.socket("inet", "stream");
        const [accepted] = await Promise.all([listener.accept(), client.connect({ address, port: 80 })]);
        await client.send(bytes(address));
        assert.equal(text(await accepted.recv(100)), address);
        await closeAll(client, accepted);
      }
      await listener.close();
    });
  });

  test("past the limit of open sockets there is EMFILE, and a connection goes on waiting", () => {
    const hosts = new TwoHosts();
    return hosts.run(async () => {
      const { tcp, udp } = hosts.server;
      const server = new EndpointSockets({ tcp, udp, waking: new VirtualWaking(hosts.scheduler), limit: 2 });
      const { listener, name } = await listening({ ...hosts.net, server });
      const other = server.socket("inet", "dgram");
      await refused(() => server.socket("inet", "stream"), "EMFILE");
      const client = hosts.net.client.socket("inet", "stream");
      await client.connect(name);
      await refused(() => listener.accept(), "EMFILE");
      assert.equal(listener.poll().readable, true);
      await other.close();
      const accepted = await listener.accept();
      assert.equal(server.open.size, 2);
      await closeAll(client, accepted, listener);
      assert.equal(server.open.size, 0);
    });
  });

  test("a small backlog makes clients wait, and all are served", () => {
    const hosts = new TwoHosts();
    return hosts.run(async () => {
      const { listener, name } = await listening(hosts.net, 1);
      const clients = Array.from({ length: 8 }, () => hosts.net.client.socket("inet", "stream"));
      const connects = clients.map((client) => client.connect(name));
      for (const _ of clients) {
        const accepted = await listener.accept();
        await accepted.send(bytes("hello"));
        await accepted.close();
      }
      await Promise.all(connects);
      for (const client of clients) assert.equal(text(await readAll(client)), "hello");
      await closeAll(...clients, listener);
    });
  });

  test("the same calls take the same virtual time, to the nanosecond", async () => {
    const once = async (): Promise<number> => {
      const hosts = new TwoHosts({ delay: milliseconds(3), rate: 1e8, loss: 0.02 });
      await hosts.run(async () => {
        const { client, server, listener } = await connected(hosts.net);
        const random = new Random(7);
        const sending = (async () => {
          for (let i = 0; i < 20; i++) await client.send(pattern(i, 1 + random.below(50_000)));
          await client.shutdown("write");
        })();
        await Promise.all([readAll(server, 1000), sending]);
        await closeAll(client, server, listener);
      });
      return hosts.scheduler.now;
    };
    assert.equal(await once(), await once());
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  a,
  cname,
  NameServers,
  ns,
  type Respond,
  SECOND_SERVER,
  SERVER,
  soa,
} from "../../../../test/fixtures/name-servers.ts";
import { NameError } from "../../../socket/names.ts";
import { milliseconds, parseDuration, seconds } from "../../../time/instant.ts";
import { formatName, keyOf, type Name, name } from "../name.ts";
import type { ResourceRecord } from "../record.ts";
import { writeMessage } from "../write-message.ts";
import { STRAY_LIMIT } from "./exchange.ts";
import { ALIAS_LIMIT } from "./findings.ts";
import { ASKING_LIMIT, Resolver } from "./resolver.ts";

/** Answers from a list of records, with an SOA where there is none, as who asks others does. */
const from =
  (...records: ResourceRecord[]): Respond =>
  ({ query }) => {
    const [{ name: asked, type } = { name: name("."), type: "A" }] = query.questions;
    const own = records.filter((record) => keyOf(record.name) === keyOf(asked));
    const answers = own.filter((record) => record.type === type);
    const base = { recursionAvailable: true, recursionDesired: query.recursionDesired };
    if (answers.length > 0) return { ...base, answers };
    const alias = own.find((record) => record.type === "CNAME");
    if (alias !== undefined) return { ...base, answers: [alias] };
    return { ...base, rcode: own.length > 0 ? "NOERROR" : "NXDOMAIN", authorities: [soa("test.")] };
  };

const questions = (servers: NameServers): string[] =>
  servers.asked.map(({ server, query }) => {
    const [question] = query.questions;
    return `${server} ${formatName(question?.name as Name)} ${question?.type}`;
  });

const code = (expected: string) => (error: unknown) => error instanceof NameError && error.code === expected;

describe("a resolver", () => {
  test("knows addresses, itself and what stands in the hosts file without asking anybody", async () => {
    const servers = new NameServers({
      nameServers: [SERVER],
      hosts: { "www.example.test": ["192.0.2.1", "192.0.2.2"] },
    });
    servers.serve("ns", from());
    await servers.run(async ({ names }) => {
      assert.deepEqual(await names.lookup("192.0.2.9"), ["192.0.2.9"]);
      assert.deepEqual(await names.lookup("localhost"), ["127.0.0.1"]);
      assert.deepEqual(await names.lookup("a.localhost."), ["127.0.0.1"]);
      assert.deepEqual(await names.lookup("WWW.example.test"), ["192.0.2.1", "192.0.2.2"]);
      assert.deepEqual(await names.lookup("ns2"), [SECOND_SERVER], "every device of the network");
      assert.deepEqual(await names.lookup("PC"), ["10.0.0.1"]);
      await assert.rejects(names.lookup(""), code("EINVAL"));
      await assert.rejects(names.lookup("a..b"), code("EINVAL"));
      await assert.rejects(names.lookup("2001:db8::1"), code("ENOTFOUND"));
      await assert.rejects(names.lookup("你好"), code("EINVAL"));
    });
    assert.deepEqual(questions(servers), []);
  });

  test("without name servers knows nothing else", async () => {
    await new NameServers({}).run(async ({ names }) => {
      await assert.rejects(names.lookup("www.example.test"), code("ENOTFOUND"));
    });
  });

  test("asks a name server, and keeps what it says as long as its TTL lasts", async () => {
    const servers = new NameServers();
    servers.serve("ns", from(a("www.test.", "10.0.0.9", 60), a("now.test.", "10.0.0.9", 0)));
    await servers.run(async ({ names, clock }) => {
      assert.deepEqual(await names.lookup("www.test"), ["10.0.0.9"]);
      await clock.sleep(seconds(59));
      assert.deepEqual(await names.lookup("WWW.test."), ["10.0.0.9"]);
      assert.equal(servers.asked.length, 1);
      const { cache } = (names as Resolver).snapshot();
      assert.deepEqual(cache, [{ name: "www.test.", type: "A", ttl: 1, data: ["10.0.0.9"] }]);
      await clock.sleep(seconds(2));
      await names.lookup("www.test");
      assert.equal(servers.asked.length, 2);
      await names.lookup("now.test");
      await names.lookup("now.test");
      assert.equal(servers.asked.length, 4, "a TTL of 0 is for this once (RFC 1035 §3.2.1)");
    });
  });

  test("keeps that there is no such name, or no such record, as long as the SOA record allows (RFC 2308 §5)", async () => {
    const servers = new NameServers();
    servers.serve("ns", from(cname("alias.test.", "gone.test.")));
    await servers.run(async ({ names, clock }) => {
      const resolver = names as Resolver;
      assert.equal((await resolver.query("gone.test.", "A")).rcode, "NXDOMAIN");
      assert.equal((await resolver.query("gone.test.", "MX")).rcode, "NXDOMAIN", "it is about every type");
      await assert.rejects(names.lookup("gone.test"), code("ENOTFOUND"));
      assert.equal(servers.asked.length, 1);
      const alias = await resolver.query("alias.test.", "A");
      assert.equal(alias.rcode, "NXDOMAIN");
      assert.deepEqual([alias.records.length, formatName(alias.name)], [1, "gone.test."]);
      assert.equal(alias.authority?.data.minimum, 60);
      await resolver.query("ns.test.", "A");
      await clock.sleep(seconds(61));
      assert.equal((await resolver.query("gone.test.", "A")).rcode, "NXDOMAIN");
      assert.deepEqual(questions(servers).slice(1), ["ns alias.test. A", "ns ns.test. A", "ns gone.test. A"]);
    });
  });

  test("does not take it that a name is no alias for its having no address", async () => {
    const servers = new NameServers();
    servers.serve("ns", from(a("www.test.", "10.0.0.9")));
    await servers.run(async ({ names }) => {
      assert.deepEqual((await (names as Resolver).query("www.test", "CNAME")).records, []);
      assert.deepEqual(await names.lookup("www.test"), ["10.0.0.9"]);
    });
  });

  test("keeps no answer that there is nothing from who does not show an SOA record of a zone above", async () => {
    const servers = new NameServers();
    servers.serve("ns", ({ query }) => {
      const other = keyOf(query.questions[0]?.name as Name) === name("other.test.");
      return { authoritative: true, authorities: other ? [soa("elsewhere.")] : [] };
    });
    await servers.run(async ({ names }) => {
      for (const each of ["a.test", "a.test", "other.test", "other.test"]) {
        await assert.rejects(names.lookup(each), code("ENOTFOUND"));
      }
    });
    assert.equal(servers.asked.length, 4);
  });

  test("follows aliases, in one answer and over several", async () => {
    const servers = new NameServers();
    const chain = [cname("a.test.", "b.test."), cname("b.test.", "C.test."), a("c.test.", "10.0.0.3")];
    servers.serve("ns", ({ query }) => {
      const asked = keyOf(query.questions[0]?.name as Name);
      if (asked === name("a.test.")) return { recursionAvailable: true, answers: [...chain].reverse() };
      return from(cname("x.test.", "y.test."), a("y.test.", "10.0.0.4"))({ query, tcp: false, port: 1 });
    });
    await servers.run(async ({ names }) => {
      assert.deepEqual(await names.lookup("a.test"), ["10.0.0.3"]);
      assert.deepEqual(await names.lookup("b.test"), ["10.0.0.3"]);
      assert.deepEqual(await names.lookup("x.test"), ["10.0.0.4"]);
      const { records, name: end } = await (names as Resolver).query("A.test", "A");
      assert.deepEqual(records, chain);
      assert.equal(end, name("C.test."));
      assert.deepEqual((await (names as Resolver).query("a.test", "CNAME")).records, [chain[0]]);
    });
    assert.deepEqual(questions(servers), ["ns a.test. A", "ns x.test. A", "ns y.test. A"]);
  });

  test("gives up aliases that lead in a circle or never end", async () => {
    const servers = new NameServers();
    servers.serve("ns", ({ query }) => {
      const [label = ""] = formatName(query.questions[0]?.name as Name).split(".");
      if (label === "a" || label === "b") {
        return { recursionAvailable: true, answers: [cname("a.test.", "b.test."), cname("b.test.", "a.test.")] };
      }
      return { recursionAvailable: true, answers: [cname(`${label}.test.`, `${Number(label) + 1}.test.`)] };
    });
    await servers.run(async ({ names }) => {
      await assert.rejects(names.lookup("a.test"), code("EAI_AGAIN"));
      assert.equal(servers.asked.length, 1);
      await assert.rejects(names.lookup("0.test"), code("EAI_AGAIN"));
      assert.ok(servers.asked.length <= ALIAS_LIMIT + 2);
    });
  });

  test("asks the next server when one fails, refuses, or only names others, and all of them again", async () => {
    const servers = new NameServers({ nameServers: [SERVER, SECOND_SERVER] });
    const refusals: ReturnType<Respond>[] = [
      { rcode: "SERVFAIL" },
      { rcode: "REFUSED" },
      { authorities: [ns("test.", "elsewhere.")] },
    ];
    servers.serve("ns", () => refusals.shift());
    servers.serve("ns2", ({ query }) =>
      keyOf(query.questions[0]?.name as Name) === name("no.test.")
        ? { rcode: "SERVFAIL" }
        : from(a("www.test.", "10.0.0.9", 0))({ query, tcp: false, port: 1 }),
    );
    await servers.run(async ({ names, clock }) => {
      for (let n = 0; n < 3; n++) assert.deepEqual(await names.lookup("www.test"), ["10.0.0.9"]);
      assert.deepEqual(
        servers.asked.map(({ server }) => server),
        ["ns", "ns2", "ns", "ns2", "ns", "ns2"],
      );
      const before = clock.now();
      await assert.rejects(names.lookup("no.test"), code("EAI_AGAIN"));
      assert.equal(servers.asked.length, 10, "each twice");
      assert.ok(clock.now() - before > (parseDuration("10s") ?? 0), "the first says nothing, twice for 5 s");
    });
  });

  test("goes on at once when nobody listens, or the server is not there", async () => {
    const servers = new NameServers({ nameServers: ["10.0.0.54", "10.9.9.9", SERVER] });
    servers.serve("ns", from(a("www.test.", "10.0.0.9")));
    await servers.run(async ({ names, clock }) => {
      assert.deepEqual(await names.lookup("www.test"), ["10.0.0.9"]);
      assert.ok(clock.now() < seconds(1), "ICMP's port unreachable, and no route");
    });
  });

  test("takes only what answers its question, of that server, on that port, with that number (RFC 5452 §9.1)", async () => {
    const servers = new NameServers();
    servers.serve("ns", ({ query }) => {
      const good = { ...query, response: true, edns: undefined, recursionAvailable: true };
      const forged = [a("www.test.", "10.6.6.6")];
      const [question] = query.questions;
      const wrong = [
        { ...good, answers: forged, id: query.id ^ 1 },
        { ...good, answers: forged, response: false },
        { ...good, answers: forged, questions: [{ ...question, name: name("other.test.") }] },
        { ...good, answers: forged, questions: [{ ...question, type: "AAAA" as const }] },
        { ...good, answers: forged, questions: [] },
        { ...good, answers: forged, opcode: "STATUS" as const },
      ] as (typeof good)[];
      return [
        ...wrong.map((message) => writeMessage(message)),
        Uint8Array.of(1, 2, 3),
        writeMessage({ ...good, answers: [a("other.test.", "10.6.6.6"), a("www.test.", "10.0.0.9")] }),
      ];
    });
    await servers.run(async ({ names }) => {
      assert.deepEqual(await names.lookup("www.test"), ["10.0.0.9"]);
      assert.equal(servers.asked.length, 1);
      assert.deepEqual(
        (names as Resolver).snapshot().cache.map((entry) => entry.name),
        ["www.test."],
        "what nobody asked for is not kept (RFC 2181 §5.4.1)",
      );
    });
  });

  test("takes nothing from another host, whatever it knows (RFC 5452 §9.1)", async () => {
    const servers = new NameServers();
    let turn = 0;
    servers.serve("ns", () =>
      turn++ === 0 ? undefined : { recursionAvailable: true, answers: [a("www.test.", "10.0.0.9")] },
    );
    servers.network.start("ns2", {
      name: "forger",
      summary: "",
      parameters: {},
      messages: {},
      run: async ({ sockets, clock }) => {
        await clock.sleep(milliseconds(100));
        const [{ query, port } = assert.fail("nothing was asked")] = servers.asked;
        const socket = sockets.socket("inet", "dgram");
        await socket.bind({ address: SECOND_SERVER, port: 53 });
        const forged = { ...query, response: true, recursionAvailable: true, answers: [a("www.test.", "10.6.6.6")] };
        await socket.sendto(writeMessage(forged), { address: "10.0.0.1", port });
      },
    });
    await servers.run(async ({ names }) => assert.deepEqual(await names.lookup("www.test"), ["10.0.0.9"]));
    assert.equal(servers.asked.length, 2);
  });

  test("gives a server up that sends too much that is no answer", async () => {
    const servers = new NameServers({ nameServers: [SERVER, SECOND_SERVER] });
    servers.serve("ns", () => new Array(STRAY_LIMIT + 1).fill(Uint8Array.of(0)));
    servers.serve("ns2", from(a("www.test.", "10.0.0.9")));
    await servers.run(async ({ names, clock }) => {
      assert.deepEqual(await names.lookup("www.test"), ["10.0.0.9"]);
      assert.ok(clock.now() < seconds(1));
    });
  });

  test("asks with numbers and from ports that the seed decides and nobody else can guess (RFC 5452 §9.2)", async () => {
    const seen = async (seed: number): Promise<string[]> => {
      const servers = new NameServers(undefined, seed);
      servers.serve("ns", from());
      await servers.run(async ({ names }) => {
        for (let n = 0; n < 20; n++) await names.lookup(`${n}.test`).catch(() => {});
      });
      return servers.asked.map(({ query, port }) => `${query.id} ${port}`);
    };
    const first = await seen(1);
    assert.deepEqual(await seen(1), first);
    const numbers = (which: number) => new Set(first.map((each) => each.split(" ")[which]));
    assert.ok(numbers(0).size > 18 && numbers(1).size > 18, first.join(", "));
    assert.notDeepEqual(await seen(2), first);
  });

  test("asks on TCP when the answer did not fit (RFC 7766 §5), and without EDNS where that is refused", async () => {
    const servers = new NameServers();
    const many = [...Array(100).keys()].map((n) => a("www.test.", `10.0.1.${n}`));
    servers.serve("ns", ({ query, tcp }) => {
      if (query.edns !== undefined && !tcp) return { rcode: "FORMERR", questions: [] };
      return tcp ? { recursionAvailable: true, answers: many } : { truncated: true, answers: [] };
    });
    await servers.run(async ({ names }) => assert.equal((await names.lookup("www.test")).length, 100));
    assert.deepEqual(
      servers.asked.map(({ tcp, query }) => [tcp, query.edns?.udpSize]),
      [
        [false, 1232],
        [false, undefined],
        [true, undefined],
      ],
    );
  });

  test("looks a name of one label up in the search domains first, and no other", async () => {
    const servers = new NameServers({ nameServers: [SERVER], search: ["a.test", "b.test"] });
    servers.serve("ns", from(a("www.b.test.", "10.0.0.9"), a("top.", "10.0.0.8")));
    await servers.run(async ({ names }) => {
      assert.deepEqual(await names.lookup("www"), ["10.0.0.9"]);
      assert.deepEqual(await names.lookup("top"), ["10.0.0.8"]);
      await assert.rejects(names.lookup("www."), code("ENOTFOUND"));
      await assert.rejects(names.lookup("www.b"), code("ENOTFOUND"));
    });
    assert.deepEqual(
      questions(servers).map((each) => each.split(" ")[1]),
      ["www.a.test.", "www.b.test.", "top.a.test.", "top.b.test.", "top.", "www.", "www.b."],
    );
  });

  test("asks once what several want to know, also when one of them goes away", async () => {
    const servers = new NameServers();
    servers.serve("ns", from(a("www.test.", "10.0.0.9")));
    await servers.run(async ({ names }) => {
      const control = new AbortController();
      const left = names.lookup("www.test", { signal: control.signal });
      const others = [names.lookup("www.test"), names.lookup("www.TEST.")];
      control.abort(new Error("enough"));
      await assert.rejects(left, /enough/);
      assert.deepEqual(await Promise.all(others), [["10.0.0.9"], ["10.0.0.9"]]);
      await assert.rejects(names.lookup("www.test", { signal: control.signal }), /enough/);
    });
    assert.equal(servers.asked.length, 1);
  });

  test("goes on when the program that asked is killed, for the others of the host", async () => {
    const servers = new NameServers();
    servers.serve("ns", from(a("www.test.", "10.0.0.9")));
    const { network } = servers;
    const killed = network.start("pc", {
      name: "killed",
      summary: "",
      parameters: {},
      messages: {},
      run: async ({ names }) => void (await names.lookup("www.test")),
    });
    await servers.run(async ({ names }) => {
      killed.kill();
      assert.deepEqual(await names.lookup("www.test"), ["10.0.0.9"]);
    });
    assert.equal(servers.asked.length, 1);
  });

  test("asks no more than so many questions at once", async () => {
    const servers = new NameServers();
    servers.serve("ns", from());
    await servers.run(async ({ names }) => {
      const many = [...Array(ASKING_LIMIT + 1).keys()].map((n) => names.lookup(`${n}.test`));
      const codes = await Promise.all(
        many.map((each) =>
          each.then(
            () => "",
            (error: NameError) => error.code,
          ),
        ),
      );
      assert.equal(codes.at(-1), "EAI_AGAIN");
      assert.equal(codes.filter((each) => each === "ENOTFOUND").length, ASKING_LIMIT);
    });
  });

  test("forgets what was not asked for longest when its cache is full", async () => {
    const servers = new NameServers();
    servers.serve("ns", from(...[1, 2, 3].map((n) => a(`${n}.test.`, "10.0.0.9"))));
    await servers.run(async (context) => {
      const resolver = new Resolver({ ...context, servers: [{ address: SERVER, port: 53 }], cacheLimit: 2 });
      for (const each of ["1.test", "2.test", "1.test", "3.test", "1.test", "2.test"]) await resolver.lookup(each);
    });
    assert.deepEqual(
      questions(servers).map((each) => each.split(" ")[1]),
      ["1.test.", "2.test.", "3.test.", "2.test."],
    );
  });
});

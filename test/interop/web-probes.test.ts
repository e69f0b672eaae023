/** Bytes that no client of good will sends: nothing leaks, nothing is added to an answer or to a log, and the server goes on. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { type RunningSite, SECRET, serveSite } from "../support/web-site.ts";

/** What a server says to some bytes, until it closes or has been asked for its end. */
function say(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let heard = "";
    socket.setEncoding("latin1").on("data", (text: string) => (heard += text));
    socket.on("error", reject).on("close", () => resolve(heard));
    socket.end(Buffer.from(bytes, "latin1"));
  });
}

const get = (target: string, ...fields: string[]): string =>
  `${[`GET ${target} HTTP/1.1`, "Host: a.test", "Connection: close", ...fields].join("\r\n")}\r\n\r\n`;
const statusesOf = (heard: string): string[] =>
  [...heard.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status = ""]) => status);

async function stillServes({ port }: RunningSite): Promise<void> {
  assert.deepEqual(statusesOf(await say(port, get("/style.css"))), ["200"]);
}

describe("raw probes of the web server", { timeout: 300_000 }, () => {
  test("no path leads out, in any encoding and any form of target", async (t) => {
    const site = await serveSite(t, { listing: true, symlinks: "inside" });
    const dots = [
      "..",
      "%2e%2e",
      "%2E.",
      ".%2e",
      "%252e%252e",
      "%c0%ae%c0%ae",
      "%e0%80%ae%e0%80%ae",
      "%u002e%u002e",
      "..;",
      "..%00",
      "\u00ae\u00ae",
    ];
    const slashes = ["/", "%2f", "\\", "%5c", "//", "/./", "%c0%af", "%252f", "%5C/", "\u00af"];
    const targets: string[] = [];
    for (const dot of dots) {
      for (const slash of slashes) {
        targets.push(
          `/${dot}${slash}secret.txt`,
          `/sub${slash}${dot}${slash}${dot}${slash}secret.txt`,
          `/${dot}${slash}${dot}${slash}etc${slash}passwd`,
        );
      }
    }
    targets.push(
      "http://a.test/../secret.txt",
      "http://a.test/%2e%2e/secret.txt",
      "/link.txt",
      "/LINK.TXT",
      "/link.txt%00",
      "/.hidden",
      "/%2ehidden",
      "/sub/../.hidden",
    );
    targets.push(
      "file:///etc/passwd",
      "/C:/windows",
      "secret.txt",
      "..",
      "*",
      "/?/../secret.txt",
      "/..?secret.txt",
      "/#/../secret.txt",
      "/./.hidden/",
      "//a.test/../secret.txt",
    );
    for (const target of targets) {
      const heard = await say(site.port, get(target));
      assert.ok(!heard.includes(SECRET) && !heard.includes("root:"), `${target}\n${heard}`);
      assert.match(heard, /^HTTP\/1\.1 [234]\d\d /, target);
    }
    await stillServes(site);
  });

  test("nothing that a client writes becomes a field, a second answer or another host", async (t) => {
    const site = await serveSite(t, {
      redirects: [
        { from: "/old/*", to: "/*" },
        { from: "/away/*", to: "https://b.test/*" },
      ],
      cors: { origins: ["https://app.test"] },
      forms: [{ path: "/sign", redirect: "/", cookie: { name: "visitor", field: "name" } }],
    });
    const evil = [
      "%0d%0aSet-Cookie:%20evil=1",
      "%0aEvil:%201",
      "%E5%98%8D%E5%98%8ASet-Cookie:evil",
      "%0d%0a%0d%0aHTTP/1.1%20200%20OK",
      "%00Evil:1",
    ];
    for (const each of evil) {
      for (const target of [`/old/${each}`, `/away/${each}`, `/sub?${each}`, `/${each}`, `/sub/../old/${each}`]) {
        const heard = await say(site.port, get(target));
        assert.equal(statusesOf(heard).length, 1, heard);
        assert.doesNotMatch(heard, /^(Set-Cookie|Evil):/im, heard);
      }
    }
    for (const target of [
      "/old//evil.test",
      "/old/%2f%2fevil.test",
      "/old/\\evil.test",
      "/old/%5cevil.test",
      "/old///evil.test/",
      "//evil.test/..",
      "//sub",
    ]) {
      const location = /^Location: (.*)\r$/m.exec(await say(site.port, get(target)))?.[1];
      if (location !== undefined)
        assert.equal(new URL(location, "http://a.test/").host, "a.test", `${target} → ${location}`);
    }
    const origin = await say(site.port, get("/style.css", "Origin: https://app.test.evil.test"));
    assert.doesNotMatch(origin, /Allow-Origin/);
    const body = "name=x%0d%0aSet-Cookie:%20evil=1%3B%20Domain=b.test";
    const form = await say(
      site.port,
      `POST /sign HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    assert.equal(form.match(/^Set-Cookie:/gim)?.length, 1, form);
    assert.match(
      form,
      /^Set-Cookie: visitor=x%0D%0ASet-Cookie%3A%20evil%3D1%3B%20Domain%3Db\.test; Path=\/; HttpOnly; SameSite=Lax\r$/m,
    );
    await stillServes(site);
  });

  test("no Host makes it fail: it is 400, or a name like any other", async (t) => {
    const site = await serveSite(t, { redirects: [{ from: "/old", to: "/" }] });
    const hosts = [
      ...[
        "",
        "-",
        "a:",
        "a:99999",
        "a:b",
        "[::1",
        "[::1]:80",
        "[fe80::1%25eth0]",
        "[v1.x]",
        "a_b",
        "a..b",
        "xn--a",
        "1.2.3.4.5",
        "256.1.1.1",
      ],
      ...[
        "0x7f.1",
        "1e10",
        "%41",
        "%00",
        "%zz",
        "a%2fb",
        "a/b",
        "a@b",
        "a?b",
        "a#b",
        "a|b",
        "a b",
        "a\tb",
        "^",
        "\x7f",
        "a\xad",
        "\xe6\x97\xa5",
      ],
    ];
    for (const host of hosts) {
      for (const target of ["/style.css", "/old"]) {
        const heard = await say(site.port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
        assert.match(heard, /^HTTP\/1\.1 (200|308|400) /, JSON.stringify(host));
      }
    }
    assert.ok(!site.log.some((line) => line.includes("failed")), site.log.join("\n"));
  });

  test("no client writes a line of the log, or moves a cursor", async (t) => {
    const site = await serveSite(t);
    await say(site.port, get("/a%0d%0aforged", 'User-Agent: x\t"\\ \x9b2J', 'Referer: " 200 1 "forged'));
    await say(site.port, get("/style.css", `Authorization: Basic ${btoa("x\r\nforged:y")}`));
    for (const line of site.log) {
      assert.match(
        line,
        /^127\.0\.0\.1 - - \[[^\]]+\] "(?:[^"\\]|\\.)*" \d{3} (?:\d+|-) "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*"$/,
      );
      assert.doesNotMatch(line, /[\p{Cc}]/u);
    }
    assert.equal(site.log.length, 2);
  });

  test("floods of ranges, codings, tags and cookies cost no more than one answer", async (t) => {
    const site = await serveSite(t);
    const many = (each: string, length: number): string => Array.from({ length }, () => each).join(",");
    const floods: [string, RegExp][] = [
      [`Range: bytes=${many("0-", 4000)}`, /^HTTP\/1\.1 200 /],
      [
        `Range: bytes=${Array.from({ length: 2000 }, (_, at) => `${at * 2}-${at * 2}`).join(",")}`,
        /^HTTP\/1\.1 (200|206) /,
      ],
      [`Range: bytes=${"9".repeat(5000)}-`, /^HTTP\/1\.1 416 /],
      [`Accept-Encoding: ${many("gzip;q=0.1", 2500)}`, /^HTTP\/1\.1 200 /],
      [`If-None-Match: ${many('"x"', 7000)}`, /^HTTP\/1\.1 200 /],
      [`Accept-Language: ${many("x-y;q=0.5", 2500)}`, /^HTTP\/1\.1 200 /],
      [`Cookie: ${"a=b;".repeat(7000)}`, /^HTTP\/1\.1 200 /],
    ];
    for (const [field, expected] of floods) {
      const heard = await say(site.port, get("/large.bin", field));
      assert.match(heard, expected, field.slice(0, 60));
      assert.ok(heard.length < 3_010_000, `${heard.length} bytes for ${field.slice(0, 60)}`);
    }
    await stillServes(site);
  });

  test("methods are as RFC 9110 has them, and TRACE tells no secrets", async (t) => {
    const site = await serveSite(t);
    const ask = (method: string, target = "/style.css"): Promise<string> =>
      say(
        site.port,
        `${method} ${target} HTTP/1.1\r\nHost: a\r\nCookie: c=secret\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "TRACE"]) {
      const heard = await ask(method);
      assert.match(heard, /^HTTP\/1\.1 405 /, method);
      assert.match(heard, /^Allow: GET, HEAD, OPTIONS\r$/m);
      assert.ok(!heard.includes("secret"));
    }
    assert.match(await ask("BREW"), /^HTTP\/1\.1 501 /);
    assert.match(
      await ask("OPTIONS", "*"),
      /^HTTP\/1\.1 204 [\s\S]*^Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH\r$/m,
    );
    const traced = await serveSite(t, { trace: true });
    const heard = await say(
      traced.port,
      "TRACE /x HTTP/1.1\r\nHost: a\r\nCookie: c=secret\r\nAuthorization: Basic secret\r\nX: y\r\nConnection: close\r\n\r\n",
    );
    assert.match(heard, /^Content-Type: message\/http\r$/m);
    assert.match(heard, /\r\n\r\nTRACE \/x HTTP\/1\.1\r\nHost: a\r\nX: y\r\n/);
    assert.ok(!heard.includes("secret"), heard);
  });
});

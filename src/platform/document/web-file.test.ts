import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { PROGRAMS } from "../../application/registry.ts";
import { minutes, seconds } from "../../time/instant.ts";
import { formatProblem } from "./problem.ts";
import { readDocument } from "./read.ts";
import { readWebDocument } from "./web-file.ts";
import { webJsonSchema } from "./web-schema.ts";

const problemsOf = (text: string): string[] =>
  readWebDocument(text).problems.map((each) => formatProblem("web.yaml", each));

const FULL = `netarium-web: 1
listen: { port: 0, bind: "0.0.0.0" }
tls: { port: 443, certificate: cert.pem, key: key.pem, plain: serve, hsts: 365 }
accessLog: access.log
limits: { connections: 100, body: 1000, head: 4096, headTime: 5s }
rateLimit: { rate: 0.5, burst: 10 }
sites:
  main:
    hosts: [example.test, "*.example.test"]
    folder: public
    symlinks: none
    languages: [en, zh-CN]
    cache: public, max-age=60
    compression: false
    cors: { origins: ["https://app.example"], credentials: true, maxAge: 1min }
    auth: { realm: Admin, users: { ann: secret }, paths: [/admin/] }
    redirects: [{ from: /old/*, to: "https://example.test/*", status: 301 }]
    headers: { X-Frame-Options: DENY, Server: "" }
  other:
    files: { index.html: "<p>hi", css/a.css: "p{}" }
    forms: [{ path: /sign, redirect: /, required: [name], cookie: { name: visitor, field: name, maxAge: 1h } }]
`;

describe("a file for netarium serve", () => {
  test("says all that a server does", () => {
    const { document, problems } = readWebDocument(FULL);
    assert.deepEqual(problems, []);
    assert.ok(document !== undefined);
    const { sites, ...server } = document;
    assert.deepEqual(server, {
      port: 0,
      bind: "0.0.0.0",
      https: { port: 443, certificate: "cert.pem", key: "key.pem", plain: "serve", hsts: 365 },
      accessLog: "access.log",
      rateLimit: { rate: 0.5, burst: 10 },
      limits: { connections: 100, contentLength: 1000, fieldsLength: 4096, headTime: seconds(5) },
    });
    assert.deepEqual(sites[0]?.cors, { origins: ["https://app.example"], credentials: true, maxAge: minutes(1) / 1e9 });
    assert.equal(sites[0]?.compression, false);
    assert.equal(sites[1]?.name, "other");
    assert.equal(sites[1]?.cache, "no-cache");
    assert.equal(sites[1]?.compression, true);
    assert.equal(sites[1]?.forms?.[0]?.cookie?.maxAge, 3600);
  });

  test("that is wrong is told where, what was expected, and what to do", () => {
    const bad = `netarium-web: 1
listen: { prot: 80, port: 70000 }
sites:
  main:
    hosts: [example.test, "bad name"]
    folder: a
    files: { index.html: x }
    redirects: [{ from: old, to: /new, status: 200 }]
    headers: { "X Y": a, Z: "a\\nb" }
    cors: { origins: "*", credentials: true }
`;
    assert.deepEqual(problemsOf(bad), [
      'web.yaml:2:11: error: unknown key "prot"\n    did you mean "port"?',
      "web.yaml:2:27: error: expected a whole number from 0 to 65535, found 70000",
      'web.yaml:5:27: error: expected a name such as "example.test" or "*.example.test", or "*" for all, found "bad name"',
      'web.yaml:8:25: error: expected a path such as "/news/", percent-encoded where need be, found "old"',
      "web.yaml:8:48: error: expected one of 301, 302, 303, 307, 308, found 200",
      'web.yaml:9:16: error: expected a field\'s name such as "X-Frame-Options", found "X Y"',
      'web.yaml:9:29: error: expected printable ASCII without ends of lines, found "a\\nb"',
    ]);
    const worse = `netarium-web: 1
sites:
  main: { folder: a, files: { a: x }, cors: { origins: "*", credentials: true } }
  other: { files: { a: x, a/b: y } }
  third: { hosts: [A.test, a.test] }
`;
    assert.deepEqual(
      problemsOf(worse).map((line) => line.split("\n")[0]),
      [
        "web.yaml:3:22: error: a site has either a folder or files",
        "web.yaml:3:74: error: credentials are not for all origins: browsers refuse that",
        'web.yaml:4:3: error: "main" answers to "*" already',
        "web.yaml:4:12: error: a is a file, and cannot hold a/b",
        'web.yaml:5:28: error: "third" answers to "a.test" already',
      ],
    );
  });

  test("says who else answers: servers and programs", () => {
    const { document } = readWebDocument(`netarium-web: 1
sites:
  main:
    proxy: [{ path: /api, to: ["http://a.test:80", { url: "http://b.test", weight: 2 }], strip: true, idleTimeout: 1h }]
    gateways:
      - { path: /cgi, cgi: scripts, idle: 2s }
      - { path: /, fastcgi: 127.0.0.1:9000, folder: php, keep: true }
      - { path: /app, wsgi: "module:make()", workers: 3 }
`);
    const [site] = document?.sites ?? [];
    const to = [{ url: "http://a.test:80" }, { url: "http://b.test", weight: 2 }];
    const times = { headTimeout: undefined, idleTimeout: 3600e9 };
    assert.deepEqual(site?.proxy, [{ path: "/api", to, strip: true, ...times }]);
    const [first, second, third] = site?.gateways ?? [];
    assert.deepEqual(first, { path: "/cgi", cgi: "scripts", idle: 2e9 });
    assert.deepEqual(second, { path: "/", fastcgi: "127.0.0.1:9000", folder: "php", keep: true, idle: undefined });
    assert.deepEqual(third, { path: "/app", wsgi: "module:make()", workers: 3, idle: undefined });
    const wrong = `netarium-web: 1
sites:
  main:
    proxy: [{ path: /, to: [] }, { path: /, to: ["ftp://a"] }]
    gateways: [{ path: /, cgi: a, wsgi: "b:c" }, { path: /, cgi: a, workers: 2 }, { path: /, fastcgi: "a:1" }]
`;
    const shape = problemsOf(wrong);
    assert.match(shape[0] ?? "", /^web\.yaml:4:28: error: expected at least one server/);
    assert.match(
      shape[1] ?? "",
      /^web\.yaml:4:50: error: expected a URL such as "http:\/\/10\.0\.0\.3:8080", found "ftp:\/\/a"/,
    );
    assert.deepEqual(
      problemsOf(wrong.replace(/ {4}proxy.*\n/, "")).map((line) => line.split("\n")[0]),
      [
        "web.yaml:4:16: error: a gateway is one of cgi, fastcgi, wsgi",
        "web.yaml:4:69: error: workers is nothing that cgi has",
        "web.yaml:4:83: error: fastcgi needs a folder: that of the scripts",
      ],
    );
  });

  test("that is another kind of file is told so", () => {
    assert.match(problemsOf("netarium: 1")[0] ?? "", /use "netarium run"/);
    const other = readDocument("netarium-web: 1", { programs: PROGRAMS }).problems;
    assert.match(other[0]?.hint ?? "", /use "netarium serve"/);
    assert.match(problemsOf("netarium-web: 2")[0] ?? "", /the version 2 is unknown/);
    assert.match(problemsOf("[]")[0] ?? "", /begins with "netarium-web: 1"/);
    assert.match(problemsOf("netarium-web: 1")[0] ?? "", /missing "sites"/);
    assert.match(problemsOf("netarium-web: 1\nsites: {}")[0] ?? "", /at least one site/);
  });

  test("has a JSON Schema, which is that of the code (NETARIUM_UPDATE=1 writes it anew)", () => {
    const path = new URL("../../../schema/netarium-web-1.schema.json", import.meta.url);
    const current = `${JSON.stringify(webJsonSchema(), null, 2)}\n`;
    if (process.env.NETARIUM_UPDATE === "1") writeFileSync(path, current);
    assert.equal(
      readFileSync(path, "utf8"),
      current,
      "run NETARIUM_UPDATE=1 npm test -- src/platform/document/web-file.test.ts",
    );
  });
});

describe("sites of the program web in a network file", () => {
  const problems = (sites: string): string[] =>
    readDocument(
      `netarium: 1\ndevices:\n  pc:\n    kind: host\n    address: 10.0.0.1/24\n    programs:\n      - run: web\n        with:\n          sites: ${sites}\n`,
      { programs: PROGRAMS },
    )
      .problems.filter(({ severity }) => severity === "error")
      .map((each) => formatProblem("net.yaml", each));

  test("are read as in a file of their own", () => {
    assert.deepEqual(problems("{ main: { files: { index.html: hi } } }"), []);
    assert.deepEqual(problems("{ main: { fils: {} } }"), [
      'net.yaml:9:28: error: unknown key "fils"\n    did you mean "files"?',
    ]);
  });

  test("run no programs of this machine", () => {
    const found = problems('{ main: { gateways: [{ path: /, wsgi: "a:b" }] } }');
    assert.match(found[0] ?? "", /a virtual host runs no programs/);
  });

  test("have no folder of this machine", () => {
    assert.match(problems("{ main: { folder: / } }")[0] ?? "", /9:36: error: a virtual host has no folders/);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { ScriptedConnection, ScriptedRequest } from "../fixtures/scripted-server.ts";
import { forEach } from "../fixtures/scripted-server.ts";
import { requireTool } from "../require.ts";
import { type Line, runLine } from "./curl.ts";

const CODERS = {
  gzip: gzipSync,
  deflate: deflateSync,
  raw: deflateRawSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};
const BASE = "http://127.0.0.1:PORT";

/** What the server does, by the first part of the path. */
const ROUTES: Readonly<Record<string, (c: ScriptedConnection, r: ScriptedRequest, rest: string) => Promise<void>>> = {
  "": (c) => c.answer("200 OK", "hello\n", "Content-Type: text/plain", "X-Two: 1", "x-two: 2"),
  status: (c, _, code) => c.answer(`${code} Status`, `status ${code}\n`),
  to: (c, _, rest) => {
    const [code = "302", ...path] = rest.split("/");
    return c.answer(`${code} Moved`, "moved\n", `Location: ${path.join("/") === "" ? "/" : `/${path.join("/")}`}`);
  },
  away: async (c, r) => {
    const port = /Host: 127\.0\.0\.1:(\d+)/.exec(r.head)?.[1];
    await c.answer("302 Found", "", `Location: http://localhost:${port}/echo`);
  },
  loop: (c) => c.answer("302 Found", "again\n", "Location: /loop"),
  echo: (c, r) => c.answer("200 OK", `${r.method} ${r.target}\n${r.body}`),
  set: (c) =>
    c.answer(
      "200 OK",
      "set\n",
      "Set-Cookie: a=1; path=/",
      "Set-Cookie: bb=2; HttpOnly",
      "Set-Cookie: evil=3; domain=com",
    ),
  chunked: async (c) => {
    await c.send(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n4\r\none\n\r\n4;x=y\r\ntwo\n\r\n",
    );
    await c.send("0\r\nX-End: yes\r\n\r\n");
  },
  close: async (c) => {
    await c.send("HTTP/1.0 200 OK\r\nContent-Type: a/b\r\n\r\nto the end\n");
    await c.socket.close();
  },
  packed: (c, _, rest) => {
    const names = rest.split("+");
    let body = Buffer.from("packed\n".repeat(30));
    for (const name of names) body = CODERS[name as keyof typeof CODERS](body);
    const codings = names.join(", ").replace("raw", "deflate");
    return c.answer("200 OK", body.toString("latin1"), `Content-Encoding: ${codings}`);
  },
  ungzip: (c) => c.answer("200 OK", "no gzip at all", "Content-Encoding: gzip"),
  pack200: (c) => c.answer("200 OK", "x", "Content-Encoding: pack200"),
  partial: async (c) => {
    await c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this\n");
    await c.socket.close();
  },
  cut: async (c) => {
    await c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nonly this\n");
    await c.socket.close();
  },
  badchunk: async (c) => {
    await c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\nzz\r\n");
    await c.socket.close();
  },
  empty: (c) => c.socket.close(),
  rubbish: async (c) => {
    await c.send("220 ready when you are\r\n\r\n");
    await c.socket.close();
  },
  hints: async (c) => {
    await c.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    await c.answer("200 OK", "hello\n");
  },
  slow: async (c) => {
    await c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun\n");
    await c.socket.recv(1);
  },
  silent: async (c) => void (await c.socket.recv(1)),
  ranges: (c) => c.answer("206 Partial Content", "ell", "Content-Range: bytes 1-3/6"),
  named: (c) => c.answer("200 OK", "named\n", 'Content-Disposition: attachment; filename="../given.txt"'),
  head: async (c) => {
    await c.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  },
  auth: (c, r) =>
    /Authorization: Basic bWU6c2VjcmV0/.test(r.head)
      ? c.answer("200 OK", "welcome\n")
      : c.answer("401 Unauthorized", "who?\n", 'WWW-Authenticate: Basic realm="x"'),
  bye: (c) => c.answer("200 OK", "bye\n", "Connection: close"),
  none: async (c) => c.send("HTTP/1.1 204 No Content\r\n\r\n"),
  folded: (c) => c.send("HTTP/1.1 200\r\nX-A: one\r\n  two\r\nContent-Length: 2\r\n\r\nok"),
};

const server = forEach(async (connection, request) => {
  if (request.method === "CONNECT") {
    if (request.target === "no.test:80") await connection.answer("403 Forbidden", "no\n");
    else await connection.send("HTTP/1.1 200 Connection established\r\n\r\n");
    return;
  }
  const [, name = "", rest = ""] = /^\/([^/?]*)\/?([^?]*)/.exec(request.target) ?? [];
  await (ROUTES[name] ?? ROUTES[""])?.(connection, request, rest);
});

type Case = string | [command: string, more: Partial<Pick<Line, "files" | "stdin">>];

/** Command lines, their words apart by spaces; `_` stands for a space inside of one. */
const CASES: readonly Case[] = [
  `${BASE}/`,
  `-s ${BASE}`,
  `-sv ${BASE}/`,
  `-si ${BASE}/`,
  `-sI ${BASE}/head`,
  `-sv -I ${BASE}/head`,
  `-s -X DELETE ${BASE}/echo`,
  `-s -XPATCH -d a=b ${BASE}/echo`,
  `-s -d a=b -d c=d&e ${BASE}/echo`,
  [`-s -d @data ${BASE}/echo`, { files: { data: "one\r\ntwo\n" } }],
  [`-s --data-binary @data ${BASE}/echo`, { files: { data: "one\r\ntwo\n" } }],
  [`-s -d @- ${BASE}/echo`, { stdin: "from standard\ninput" }],
  `-s --data-raw @data ${BASE}/echo`,
  `-s -d @missing ${BASE}/echo`,
  [
    `-s --data-urlencode a_b&c --data-urlencode n=x_y/z --data-urlencode @data --data-urlencode m@data ${BASE}/echo`,
    { files: { data: "é&=\n" } },
  ],
  `-s -G -d a=b --data-urlencode c=d_e ${BASE}/echo?x=y#frag`,
  `-s --url-query a=b --url-query +c=d%20e ${BASE}/echo`,
  `-s --json {"a":1} --json ,2 ${BASE}/echo`,
  `-s --json {} -H Content-Type:_text/x ${BASE}/echo`,
  [
    `-s -F a=b -F f=@data -F g=@data;type=text/x;filename=other"name -F h=<data -F i=j;type=a/b ${BASE}/echo`,
    { files: { data: "file's text\n" } },
  ],
  [`-s -F f=@page.html --form-string s=@x;type=y ${BASE}/echo`, { files: { "page.html": "<p>" } }],
  `-s -F f=@missing ${BASE}/echo`,
  `-s -H X-A:_b -H x-c:d -H Accept: -H X-Empty; -H Host:_other.test ${BASE}/`,
  `-s -H User-Agent:_mine -H Referer:_r -A not -e neither ${BASE}/`,
  `-s -A agent -e http://from.test/ ${BASE}/`,
  `-s -A  ${BASE}/`,
  `-s -u me:secret ${BASE}/auth`,
  `-s -u me:wrong -w %{http_code} ${BASE}/auth`,
  `-s -u me ${BASE}/auth`.replace("me ", "me: "),
  `-s http://me:secret@127.0.0.1:PORT/auth`,
  `-s --oauth2-bearer token ${BASE}/`,
  `-s -r 1-3 ${BASE}/ranges`,
  ...["gzip", "deflate", "raw", "br", "zstd", "gzip+br"].map((name) => `-s --compressed ${BASE}/packed/${name}`),
  `-s ${BASE}/packed/gzip`,
  `-sS --compressed ${BASE}/ungzip`,
  `-sS --compressed ${BASE}/pack200`,
  `-s -0 ${BASE}/`,
  `-s --http1.0 -d x ${BASE}/echo`,
  `-si ${BASE}/chunked`,
  `-s ${BASE}/close`,
  `-sv ${BASE}/hints`,
  `-si ${BASE}/none`,
  `-si ${BASE}/folded`,
  `-sS ${BASE}/partial`,
  `-sS ${BASE}/cut`,
  `-sS ${BASE}/badchunk`,
  `-sS ${BASE}/empty`,
  `-sS ${BASE}/rubbish`,
  `-sS -m 1.5 ${BASE}/slow`,
  `-sS -m 1.5 ${BASE}/silent`,
  `-sS -o /dev/null --connect-timeout 0.3 http://127.0.0.1:1/`,
  `-sS http://nowhere.invalid/`,
  `-sS -x http://nowhere.invalid:80 ${BASE}/`,
  `-sS gopher_://x/`,
  `-sS foo://127.0.0.1/`,
  `-sS http://`,
  `-sS http://127.0.0.1:99999/`,
  `-s ${BASE}/to/302/echo`,
  `-sL ${BASE}/to/302/echo`,
  `-siL ${BASE}/to/301/to/302/echo`,
  `-svL -d a=b ${BASE}/to/302/echo`,
  `-sL -d a=b ${BASE}/to/307/echo`,
  `-sL -d a=b ${BASE}/to/303/echo`,
  `-sL --post302 -d a=b ${BASE}/to/302/echo`,
  `-sL -X POST -d a=b ${BASE}/to/302/echo`,
  `-sL -X PUT -d a=b ${BASE}/to/308/echo`,
  `-sIL ${BASE}/to/302/head`,
  `-sSL --max-redirs 3 ${BASE}/loop`,
  `-sSL --max-redirs 0 -i ${BASE}/loop`,
  `-sL -u me:secret -H Authorization:_own -H Cookie:_c=d -b x=y ${BASE}/away`,
  `-sL -u me:secret --location-trusted ${BASE}/away`,
  `-sL -w \\n%{num_redirects}_%{url_effective}_%{redirect_url}_%{http_code}_%{num_connects}\\n ${BASE}/to/302/echo`,
  `-s -w %{redirect_url} ${BASE}/to/302/echo`,
  `-sf ${BASE}/status/404`,
  `-sSfi ${BASE}/status/404`,
  `-sv -f ${BASE}/status/500`,
  `-sS --fail-with-body ${BASE}/status/503`,
  `-s -f ${BASE}/status/399`,
  `-s -b a=b;c=d ${BASE}/`,
  `-s -b a=b -b c=d ${BASE}/`,
  `-s -c - ${BASE}/set`,
  `-s -c jar ${BASE}/set ${BASE}/echo`,
  [
    `-s -b jar -c jar ${BASE}/echo`,
    {
      files: {
        jar: "# Netscape\n127.0.0.1\tFALSE\t/\tFALSE\t0\ts\t1\n127.0.0.1\tFALSE\t/echo\tFALSE\t4102444800\tp\t2\n",
      },
    },
  ],
  [`-s -j -b jar ${BASE}/echo`, { files: { jar: "127.0.0.1\tFALSE\t/\tFALSE\t0\ts\t1\n" } }],
  `-s -b missing -L ${BASE}/set`,
  `-s -o out ${BASE}/ -w %{filename_effective}:%{size_download}`,
  `-s -o a/b/out --create-dirs ${BASE}/`,
  `-sS -o a/b/out ${BASE}/`,
  `-s -O ${BASE}/echo/name.txt?q`,
  `-sS -O ${BASE}/`,
  `-s -OJ ${BASE}/named`,
  `-s --output-dir . -O ${BASE}/echo/x`,
  `-s -o one ${BASE}/echo/1 -o two ${BASE}/echo/2`,
  `-s -o out_#1_#2 ${BASE}/echo/{a,b}[1-2]`,
  `-s -g ${BASE}/echo/{a}[1]`,
  `-sS ${BASE}/echo/{a`,
  `-s -D heads -o body ${BASE}/`,
  `-s -D - ${BASE}/`,
  `-s -o none ${BASE}/none`,
  `-sf -o none ${BASE}/status/404`,
  [`-s -T data ${BASE}/echo/`, { files: { data: "uploaded\n" } }],
  [`-s -T data ${BASE}/echo/other`, { files: { data: "uploaded\n" } }],
  [`-s -T - ${BASE}/echo/`, { stdin: "streamed" }],
  [`-s -T data ${BASE}/echo/`, { files: { data: "" } }],
  `-sS -T missing ${BASE}/echo/`,
  [`-s --data-binary @data -w %{size_upload} ${BASE}/status/200`, { files: { data: "x".repeat(1_100_000) } }],
  `-s -d x -H Transfer-Encoding:_chunked ${BASE}/echo`,
  `-s -d x -H Expect:_100-continue ${BASE}/echo`,
  `-s -w %{content_type}|%{size_header}|%{size_request}|%{num_headers}|%{http_version}|%{scheme}|%{method}|%{exitcode}|%{remote_ip}|%{urlnum}|%header{x-two}|%{response_code}|%%|\\t|%{stderr}no ${BASE}/`,
  `-s -w %{exitcode}_%{errormsg}_%{http_code}\\n ${BASE}/empty`,
  `-s -w %{onerror}failed:%{exitcode}\\n ${BASE}/ ${BASE}/empty`,
  `-s ${BASE}/echo/1 ${BASE}/bye ${BASE}/echo/2`,
  `-sS ${BASE}/empty ${BASE}/`,
  `-sS --fail-early ${BASE}/empty ${BASE}/`,
  `-s -d a ${BASE}/echo --next -s ${BASE}/echo`,
  `-s --resolve far.test:PORT:127.0.0.1 http://far.test:PORT/`,
  `-s --connect-to far.test:80:127.0.0.1:PORT http://far.test/`,
  `-s --connect-to ::127.0.0.1:PORT http://far.test/`,
  `-s -x 127.0.0.1:PORT -U a:b http://far.test/echo`,
  `-si -p -x 127.0.0.1:PORT -U a:b --proxy-header X-P:_1 http://far.test/echo`,
  `-sv -p --proxy http://127.0.0.1:PORT http://far.test:81/echo`,
  `-sSi -p -x 127.0.0.1:PORT -w %{http_code}_%{http_connect} http://no.test/echo`,
  `-sv -x http://a:b@127.0.0.1:PORT -d x http://far.test:81/echo?q`,
  `-s --noproxy far.test --resolve far.test:PORT:127.0.0.1 -x 127.0.0.1:1 http://far.test:PORT/`,
  `-s ${BASE}/a/../echo/./b/..`,
  `-s --path-as-is ${BASE}/a/../echo`,
  `-s -X HEAD -I ${BASE}/head`,
  `-s -o out -D heads -L ${BASE}/to/302/echo`,
  `-si -o out -w %{size_download} ${BASE}/chunked`,
  `-s -H @heads ${BASE}/echo`,
  [`-s -H @heads ${BASE}/echo`, { files: { heads: "X-One: 1\nX-Two: 2\n" } }],
  [`-s -w @format ${BASE}/`, { files: { format: "%{http_code}\n" } }],
  [`-s -F a=b -H Content-Type:_multipart/mixed ${BASE}/status/200`, {}],
  [`-s -F x=@data,@other;filename=o ${BASE}/status/200`, { files: { data: "1", other: "2" } }],
  `-s -F x=a;b=c -F y="q;r" ${BASE}/echo`,
  `-s -X GET -d a=b ${BASE}/echo`,
  `-sL -I -X POST ${BASE}/to/302/head`,
  `-sL -T - ${BASE}/to/302/echo`,
  [`-sL -T data ${BASE}/to/307/echo`, { files: { data: "put\n" } }],
  [`-sL -F f=@data ${BASE}/to/307/echo`, { files: { data: "again\n" } }],
  `-sL -e http://from.test/ ${BASE}/to/302/echo`,
  `-sL -b a=1 -c jar ${BASE}/set ${BASE}/to/302/echo`,
  `-s -r 1-3,5- -H Range:_bytes=9- ${BASE}/ranges`,
  `-s --compressed -H Accept-Encoding:_x ${BASE}/echo`,
  `-s --compressed -i ${BASE}/echo`,
  `-s -u me:secret -H Authorization:_mine ${BASE}/echo`,
  `-s -d  ${BASE}/echo`,
  `-s --data-binary  ${BASE}/echo`,
  `-s --retry 2 --retry-delay 1 -f ${BASE}/status/404`,
  `-s --fail-with-body -o out ${BASE}/status/404`,
  `-s --remove-on-error -o out ${BASE}/partial`,
  `-s -o out ${BASE}/partial`,
  `-s -o out ${BASE}/empty`,
  `-s --no-clobber -o out ${BASE}/echo/1 -o out ${BASE}/echo/2`,
  `-s --remote-name-all ${BASE}/echo/x1 ${BASE}/echo/x2`,
  `-s ${BASE}/echo -o -`,
  `-s --request-target * -X OPTIONS ${BASE}/`,
  `-s ${BASE}/echo/é`,
  `-s 127.0.0.1:PORT`,
  `-s -z Tue,_01_Jan_2030_00:00:00_GMT ${BASE}/`,
  `-sS --max-filesize 3 ${BASE}/`,
  `--retry 1 --retry-delay 1 -sS ${BASE}/status/503 -w %{http_code}`,
  `-s`,
  `--nonsense ${BASE}/`,
  `-sZz`.replace("Zz", "?"),
  `-s -o`,
  `-s -m abc ${BASE}/`,
  `-s --max-redirs x ${BASE}/`,
  `-s --retr 1 ${BASE}/`,
  `-s -I -d x ${BASE}/`,
  `-s -F nothing ${BASE}/`,
  `--no-silent --no-verbose -s ${BASE}/`,
  `--no-request ${BASE}/`,
  `--loc --sil ${BASE}/to/302/echo`,
];

const wordsOf = (command: string): string[] => command.split(" ").map((word) => word.replaceAll("_", " "));

describe("netarium curl does as curl does", { concurrency: 4 }, () => {
  for (const each of CASES) {
    const [command, more] = typeof each === "string" ? [each, {}] : each;
    test(command.replaceAll(BASE, "…").slice(0, 110) || "(nothing)", async (t) => {
      if (!requireTool(t, "curl")) return;
      const line: Line = { argv: wordsOf(command), script: server, ...more };
      const [theirs, ours] = await Promise.all([runLine("curl", line), runLine("netarium", line)]);
      const { stderr: _theirs, ...expected } = theirs;
      const { stderr, ...found } = ours;
      assert.deepEqual(found, expected, `${stderr}\nwhere curl says\n${theirs.stderr}`);
    });
  }
});

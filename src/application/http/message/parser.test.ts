import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MessageLimits } from "./limits.ts";
import { MessageParser } from "./parser.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** All events of an input, in words; content is gathered. `cut` is where the input is split in two. */
function events(
  kind: "request" | "response",
  input: string,
  options: { limits?: Partial<MessageLimits>; pieces?: readonly number[]; answers?: string; close?: boolean } = {},
): string[] {
  const parser = new MessageParser(kind, options.limits);
  if (options.answers !== undefined) parser.answers(options.answers);
  const bytes = bytesOf(input);
  const found: string[] = [];
  let body = "";
  const note = () => {
    if (parser.event === "body") return;
    if (body !== "") found.push(`body ${JSON.stringify(body)}`);
    body = "";
    const { head } = parser;
    if (parser.event === "head") {
      const line = kind === "request" ? `${head.method} ${head.target} ${head.form}` : `${head.status} ${head.reason}`;
      const fields = [...head.fields].map(([name, value]) => `${name}=${value}`).join("|");
      found.push(`head 1.${head.minor} ${line} ${head.framing} ${head.contentLength} ${head.keepAlive} ${fields}`);
    }
    if (parser.event === "end") found.push(["end", ...[...parser.trailers].map((field) => field.join("="))].join(" "));
    if (parser.event === "error") found.push(`error ${parser.failure?.status} ${parser.failure?.code}`);
  };
  let start = 0;
  for (const end of [...(options.pieces ?? []), bytes.length]) {
    const piece = bytes.slice(start, end);
    start = end;
    let pos = 0;
    for (;;) {
      pos = parser.parse(piece, pos, piece.length);
      if (parser.event === "body") body += String.fromCharCode(...piece.subarray(parser.bodyStart, parser.bodyEnd));
      if (parser.event === "more") assert.equal(pos, piece.length);
      if (parser.event === "more") break;
      note();
      if (parser.event === "error") return found;
    }
  }
  if (options.close === true) parser.close();
  note();
  return found;
}

test("nothing of a message is kept while the connection rests", () => {
  const parser = new MessageParser("request");
  const bytes = bytesOf(`GET / HTTP/1.1\r\nHost: a\r\n\r\n`);
  let pos = parser.parse(bytes, 0, bytes.length);
  const { head } = parser;
  assert.equal(head.target, "/");
  assert.equal(parser.idle, false);
  for (let n = 0; n < 2; n++) pos = parser.parse(bytes, pos, bytes.length);
  assert.deepEqual([parser.event, parser.idle, parser.head.target, head.target], ["more", true, "", "/"]);
});

const HOST = "Host: a\r\n";
const failure = (input: string, limits?: Partial<MessageLimits>, kind: "request" | "response" = "request") =>
  events(kind, input, limits === undefined ? {} : { limits }).at(-1);

describe("requests", () => {
  test("a request without content", () => {
    assert.deepEqual(events("request", "GET /x?y HTTP/1.1\r\nHost: a.b:80\r\nAccept:\t */* \r\nEmpty:\r\n\r\n"), [
      "head 1.1 GET /x?y origin none 0 true Host=a.b:80|Accept=*/*|Empty=",
      "end",
    ]);
  });

  test("several requests in one piece, with an empty line between them", () => {
    const input = `POST /a HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc\r\nGET /b HTTP/1.0\r\n\r\n`;
    assert.deepEqual(events("request", input), [
      "head 1.1 POST /a origin length 3 true Host=a|Content-Length=3",
      'body "abc"',
      "end",
      "head 1.0 GET /b origin none 0 false ",
      "end",
    ]);
  });

  test("chunks with extensions and trailers", () => {
    const input = `PUT / HTTP/1.1\r\n${HOST}Transfer-Encoding: Chunked\r\n\r\n4;a;b = "c\\"d" ;e=f\r\nabcd\r\n0A\r\n0123456789\r\n0\r\nSum: 1\r\n\r\n`;
    assert.deepEqual(events("request", input), [
      "head 1.1 PUT / origin chunked 0 true Host=a|Transfer-Encoding=Chunked",
      'body "abcd0123456789"',
      "end Sum=1",
    ]);
  });

  test("all four forms of a target", () => {
    assert.match(events("request", `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`)[0] ?? "", /OPTIONS \* asterisk/);
    assert.match(events("request", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n")[0] ?? "", /authority/);
    assert.match(events("request", `GET http://[::1]:80/x HTTP/1.1\r\n${HOST}\r\n`)[0] ?? "", /absolute/);
    for (const line of ["GET *", "CONNECT /", "CONNECT a", "CONNECT :1", "GET x", "GET http:///", "GET http://u@h/"]) {
      assert.equal(failure(`${line} HTTP/1.1\r\n${HOST}\r\n`), "error 400 target-form", line);
    }
  });

  test("what the fields say about the connection", () => {
    const head = (fields: string, version = "1.1") => {
      const parser = new MessageParser("request");
      const bytes = bytesOf(`GET / HTTP/${version}\r\n${HOST}${fields}\r\n`);
      parser.parse(bytes, 0, bytes.length);
      return parser.head;
    };
    assert.equal(head("Connection: x, Close\r\n").keepAlive, false);
    for (const list of ["close,x", ",\t close ,", "x,,CLOSE"])
      assert.equal(head(`Connection: ${list}\r\n`).keepAlive, false);
    for (const list of ["closed", "c lose", "x-close,", "", ","])
      assert.equal(head(`Connection: ${list}\r\n`).keepAlive, true);
    assert.equal(head("Connection: keep-alive\r\n", "1.0").keepAlive, true);
    assert.equal(head("Connection: keep-alive\r\nConnection: close\r\n", "1.0").keepAlive, false);
    assert.equal(head("Connection: Upgrade\r\nUpgrade: websocket\r\n").upgrade, "websocket");
    assert.equal(head("Upgrade: websocket\r\n").upgrade, undefined);
    assert.equal(head("Connection: Upgrade\r\nUpgrade: websocket\r\n", "1.0").upgrade, undefined);
    assert.equal(head("Expect: 100-Continue\r\n").expectContinue, true);
    assert.equal(head("Expect: 100-continue\r\n", "1.0").expectContinue, false);
    assert.equal(head("Expect: more\r\n").expectation, "other");
  });
});

test("nothing may come after a message that says it is the last (RFC 9112 §9.6)", () => {
  const last = `GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
  assert.equal(failure(`${last}\r\n`), "end");
  assert.equal(failure(`${last}\r\nG`), "error 400 data-after-close");
  const response = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  assert.equal(failure(`${response}H`, undefined, "response"), "error 400 data-after-close");
  assert.equal(failure(`${response.replace("200", "103")}H`, undefined, "response"), "end");
});

const REFUSED: readonly [input: string, failure: string][] = [
  ["G\x00T / HTTP/1.1\r\n", "400 method"],
  [" GET / HTTP/1.1\r\n", "400 method"],
  ["GET  / HTTP/1.1\r\n", "400 target"],
  ["GET /\r\n", "400 version"],
  ["GET / http/1.1\r\n", "400 version"],
  ["GET / HTTP/1.10\r\n", "400 version"],
  ["GET / HTTP/1.1 \r\n", "400 version"],
  ["GET / HTTP/2.0\r\n", "505 version-unsupported"],
  ["GET /#x HTTP/1.1\r\n", "400 target"],
  ["GET /\x80 HTTP/1.1\r\n", "400 target"],
  ["GET / HTTP/1.1\n", "400 bare-lf"],
  ["GET / HTTP/1.1\rX", "400 bare-cr"],
  ["GET / HTTP/1.1\r\n\n", "400 bare-lf"],
  ["GET / HTTP/1.1\r\n Host: a\r\n", "400 space-before-fields"],
  ["GET / HTTP/1.1\r\nHost : a\r\n", "400 space-before-colon"],
  ["GET / HTTP/1.1\r\nHost\r\n", "400 field-name"],
  ["GET / HTTP/1.1\r\n: a\r\n", "400 field-name"],
  ["GET / HTTP/1.1\r\nHost: a\n", "400 bare-lf"],
  ["GET / HTTP/1.1\r\nHost: a\0b", "400 field-value"],
  ["GET / HTTP/1.1\r\nHost: a\rb", "400 bare-cr"],
  ["GET / HTTP/1.1\r\nHost: a\r\n b\r\n", "400 folded-line"],
  ["GET / HTTP/1.1\r\n\r\n", "400 host-missing"],
  ["GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", "400 host-twice"],
  ["GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "400 host"],
  ["GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", "400 host"],
  ["GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "400 host"],
  ["GET / HTTP/1.1\r\nHost: u@a\r\nConnection: close\r\n\r\n", "400 host"],
];

const POST = `POST / HTTP/1.1\r\n${HOST}`;
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;
const REFUSED_FRAMING: readonly [input: string, failure: string][] = [
  [`${POST}Content-Length: +1\r\n\r\n`, "400 content-length"],
  [`${POST}Content-Length: 1 1\r\n\r\n`, "400 content-length"],
  [`${POST}Content-Length:\r\n\r\n`, "400 content-length"],
  [`${POST}Content-Length: 1, 1\r\n\r\n`, "400 content-length-twice"],
  [`${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, "400 content-length-twice"],
  [`${POST}Content-Length: 99999999999999999999\r\n\r\n`, "413 content-too-large"],
  [`${POST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, "400 transfer-coding-and-length"],
  [`POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n`, "400 transfer-coding-in-1.0"],
  [`${POST}Transfer-Encoding: gzip, chunked\r\n\r\n`, "501 transfer-coding-unknown"],
  [`${POST}Transfer-Encoding: chunked, gzip\r\n\r\n`, "400 transfer-coding"],
  [`${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`, "400 transfer-coding"],
  [`${POST}Transfer-Encoding: chunked;q=1\r\n\r\n`, "400 transfer-coding"],
  [`${POST}Transfer-Encoding: xchunked\r\n\r\n`, "400 transfer-coding"],
  [`${POST}Transfer-Encoding: ${"a,".repeat(128)}chunked\r\n\r\n`, "400 transfer-coding"],
  [`${POST}Transfer-Encoding: chunked\xa0\r\n\r\n`, "400 transfer-coding"],
  [`${POST}Transfer-Encoding:\r\n\r\n`, "400 transfer-coding"],
  ["CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 1\r\n\r\n", "400 content-in-connect"],
  ["CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nTransfer-Encoding: chunked\r\n\r\n", "400 content-in-connect"],
  [`${CHUNKED}\r\n`, "400 chunk-size"],
  [`${CHUNKED}0x1\r\n`, "400 chunk-size"],
  [`${CHUNKED}1 \r\n`, "400 chunk-extension"],
  [`${CHUNKED}1\n`, "400 bare-lf"],
  [`${CHUNKED}1\rX`, "400 bare-cr"],
  [`${CHUNKED}1;\r\n`, "400 chunk-extension"],
  [`${CHUNKED}1;a b\r\n`, "400 chunk-extension"],
  [`${CHUNKED}1;a="b\n`, "400 bare-lf"],
  [`${CHUNKED}00000000000000001\r\n`, "400 chunk-size"],
  [`${CHUNKED}FFFFFFFFFFFFFFFF\r\n`, "413 content-too-large"],
  [`${CHUNKED}1\r\nab`, "400 chunk-end"],
  [`${CHUNKED}1\r\na\n`, "400 chunk-end"],
  [`${CHUNKED}0\r\n a: b\r\n`, "400 space-before-fields"],
];

test("what is against the grammar is refused at the octet that is", () => {
  for (const [input, wanted] of [...REFUSED, ...REFUSED_FRAMING]) {
    assert.equal(failure(input), `error ${wanted}`, JSON.stringify(input));
  }
});

test("every limit has its status", () => {
  const head = `GET /abc HTTP/1.1\r\n${HOST}A: bc\r\n\r\n`;
  assert.equal(failure(head, { methodLength: 3, targetLength: 4, fieldsLength: 18, fields: 2 }), "end");
  assert.equal(failure(head, { methodLength: 2 }), "error 501 method-too-long");
  assert.equal(failure(head, { targetLength: 3 }), "error 414 target-too-long");
  assert.equal(failure(head, { fieldsLength: 17 }), "error 431 fields-too-large");
  assert.equal(failure(head, { fields: 1 }), "error 431 too-many-fields");
  assert.equal(failure(`\r\n\r\n${head}`, { emptyLines: 1 }), "error 400 empty-lines");
  assert.equal(failure(`${POST}Content-Length: 3\r\n\r\n`, { contentLength: 2 }), "error 413 content-too-large");
  assert.equal(failure(`${CHUNKED}1\r\na\r\n2\r\n`, { contentLength: 2 }), "error 413 content-too-large");
  const close = (body: string) =>
    events("response", `HTTP/1.1 200 OK\r\n\r\n${body}`, { limits: { contentLength: 2 }, close: true }).at(-1);
  assert.equal(close("ab"), "end");
  assert.equal(close("abc"), "error 413 content-too-large");
  assert.equal(failure(`${CHUNKED}1;a=b\r\n`, { chunkExtensions: 3 }), "error 400 chunk-extensions-too-large");
  assert.equal(
    failure(`${CHUNKED}1;a\r\na\r\n1;a\r\n`, { chunkExtensions: 2 }),
    "error 400 chunk-extensions-too-large",
  );
  assert.equal(failure(`${CHUNKED}0\r\nA: b\r\nC: d\r\n`, { trailers: 1 }), "error 431 too-many-fields");
  assert.equal(failure(`${CHUNKED}0\r\nA: b\r\n\r\n`, { trailersLength: 7 }), "error 431 fields-too-large");
});

describe("responses", () => {
  test("how their content ends", () => {
    const first = (fields: string, status = "200 OK", answers = "GET") =>
      events("response", `HTTP/1.1 ${status}\r\n${fields}\r\n`, { answers })[0]?.replace(/^head 1.1 \d+ (?:\w* )?/, "");
    assert.equal(first("Content-Length: 5\r\n"), "length 5 true Content-Length=5");
    assert.equal(
      first("Content-Length: 5, 5\r\nContent-Length: 5\r\n"),
      "length 5 true Content-Length=5, 5|Content-Length=5",
    );
    assert.equal(first(""), "until-close 0 false ");
    assert.equal(first("Content-Length: 5\r\n", "204 X"), "none 0 true Content-Length=5");
    assert.equal(first("Content-Length: 5\r\n", "304"), "none 0 true Content-Length=5");
    assert.equal(first("Content-Length: 5\r\n", "200 OK", "HEAD"), "none 0 true Content-Length=5");
    assert.equal(first("Transfer-Encoding: chunked\r\n", "200 OK", "CONNECT"), "none 0 true Transfer-Encoding=chunked");
    assert.equal(first("Transfer-Encoding: gzip\r\n"), "until-close 0 false Transfer-Encoding=gzip");
  });

  test("content up to the end of the connection", () => {
    assert.deepEqual(events("response", "HTTP/1.0 200 OK\r\n\r\nabc", { close: true }).slice(1), ['body "abc"', "end"]);
    assert.deepEqual(events("response", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", { close: true }).slice(1), [
      'body "abc"',
      "error 400 truncated",
    ]);
  });

  test("the transfer codings that are left to whoever reads the content", () => {
    const codings = (value: string) => {
      const parser = new MessageParser("response");
      const bytes = bytesOf(`\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: ${value}\r\n\r\n`);
      for (let pos = 0; pos < bytes.length; ) pos = parser.parse(bytes, pos, bytes.length);
      return `${parser.head.framing} ${parser.head.codings.join()}`;
    };
    assert.equal(codings("GZIP, chunked"), "chunked gzip");
    assert.equal(codings("chunked, gzip;a=b"), "until-close chunked,gzip;a=b");
  });

  test("an interim response before the final one, which alone answers", () => {
    const input = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    assert.deepEqual(events("response", input, { answers: "HEAD" }), [
      "head 1.1 100 Continue none 0 true ",
      "end",
      "head 1.1 200 OK none 0 true Content-Length=5",
      "end",
    ]);
  });

  test("folded lines become one value", () => {
    assert.deepEqual(events("response", "HTTP/1.1 204\r\nA: b\r\n c\r\n\t d \r\nB:\r\n e\r\nC:\r\n \r\n\r\n"), [
      "head 1.1 204  none 0 true A=b   c  \t d|B=e|C=",
      "end",
    ]);
  });

  test("what is refused", () => {
    const refused: readonly [string, string][] = [
      ["\nHTTP/1.1 200 OK\r\n", "bare-lf"],
      ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", "transfer-coding"],
      ["HTTP/1.1  200 OK\r\n", "status"],
      ["HTTP/1.1 20 OK\r\n", "status"],
      ["HTTP/1.1 2000 OK\r\n", "status"],
      ["HTTP/1.1 099 OK\r\n", "status"],
      ["HTTP/1.1 200 O\0K\r\n", "reason"],
      ["HTTP/1.1 200 OK\n", "bare-lf"],
      ["HTTP/1.1 200\n", "bare-lf"],
      ["HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n", "content-length-twice"],
      ["HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "transfer-coding-and-length"],
      ["HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "transfer-coding-in-1.0"],
    ];
    for (const [input, code] of refused) {
      assert.equal(failure(input, undefined, "response"), `error 400 ${code}`, JSON.stringify(input));
    }
  });
});

test("the same events wherever the input is cut", () => {
  const inputs = [
    `\r\n${CHUNKED}4;a="b"\r\nabcd\r\n0\r\nX: \xe9\r\n\r\nGET /b HTTP/1.0\r\n\r\n`,
    `GET / HTHTTP/1.1\r\n${HOST}\r\n`,
    ...[...REFUSED, ...REFUSED_FRAMING].map(([input]) => input),
  ];
  for (const input of inputs) {
    const whole = events("request", input);
    for (let cut = 0; cut <= input.length; cut++) {
      assert.deepEqual(events("request", input, { pieces: [cut] }), whole, `${JSON.stringify(input)} cut at ${cut}`);
    }
    assert.deepEqual(events("request", input, { pieces: Array.from({ length: input.length }, (_, i) => i) }), whole);
  }
});

test("octets above 0x7F are characters of the same number", () => {
  const parser = new MessageParser("request");
  const bytes = bytesOf(`GET / HTTP/1.1\r\n${HOST}X: \x80\x9f\xe9\xff\r\n\r\n`);
  parser.parse(bytes, 0, bytes.length);
  assert.equal(parser.head.fields.get("x"), "\x80\x9f\xe9\xff");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { type Segment, type Shown, showConnection } from "../../../../test/fixtures/messages-shown.ts";
import { http } from "./dissector.ts";

const client = (...lines: readonly string[]): Segment => ({ from: 0, bytes: `${lines.join("\r\n")}\r\n\r\n` });
const server = (lines: readonly string[], body = "", last = false): Segment => ({
  from: 1,
  bytes: `${lines.join("\r\n")}\r\n\r\n${body}`,
  last,
});
const get = (path: string): Segment => client(`GET ${path} HTTP/1.1`, "Host: www.test");

const has = (shown: Shown | undefined, ...lines: readonly string[]): void => {
  for (const line of lines) assert.ok(shown?.lines.includes(line), `${line}\nis not in\n${shown?.lines.join("\n")}`);
};

test("a request and its response tell of each other and of the next", () => {
  const [request, response, , last] = showConnection(http, [
    get("/a?x=1&y"),
    server(["HTTP/1.1 200 OK", "Content-Length: 3", "Content-Type: text/plain"], "one"),
    get("/b"),
    server(["HTTP/1.1 404 Not Found", "Content-Length: 0"]),
  ]);
  assert.equal(request?.columns.info, "GET /a?x=1&y HTTP/1.1 ");
  has(
    request,
    "Hypertext Transfer Protocol",
    "  GET /a?x=1&y HTTP/1.1\\r\\n",
    "      Request URI Path: /a",
    "        Request URI Query Parameter: y",
    "  Host: www.test\\r\\n",
    "  Full request URI: http://www.test/a?x=1&y",
    "  HTTP request 1/2",
    "  Response in frame: 2",
    "  Next request in frame: 3",
  );
  assert.equal(response?.columns.info, "HTTP/1.1 200 OK  (text/plain)");
  has(
    response,
    "    Status Code: 200",
    "    Content length: 3",
    "  Time since request: 0.001000000 seconds",
    "  Request URI: http://www.test/a?x=1&y",
    "  File Data: 3 bytes",
    "Line-based text data: text/plain (1 lines)",
  );
  has(last, "  Prev response in frame: 2", "  Request in frame: 3");
});

test("a body in chunks is put together, with its trailer apart", () => {
  const [, response] = showConnection(http, [
    get("/"),
    server(
      ["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Content-Type: text/html"],
      "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nDone: yes\r\n\r\n",
    ),
  ]);
  has(
    response,
    "  HTTP chunked response",
    "    Data chunk (6 octets)",
    "    End of chunked encoding",
    "    trailer-part: Done: yes\\r\\n",
    "  File Data: 11 bytes",
    "  hello world",
  );
});

test("a message that is cut in segments anywhere is the same", () => {
  const whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  const [, , expected] = showConnection(http, [get("/"), { from: 1, bytes: "" }, { from: 1, bytes: whole }]);
  for (let at = 1; at < whole.length; at++) {
    const [, first, second] = showConnection(http, [
      get("/"),
      { from: 1, bytes: whole.slice(0, at) },
      { from: 1, bytes: whole.slice(at) },
    ]);
    assert.deepEqual(first?.lines, []);
    assert.deepEqual(second, expected);
  }
});

test("a response without a length goes on to the connection's end", () => {
  const [, first, second] = showConnection(http, [
    get("/"),
    server(["HTTP/1.0 200 OK", "Content-Type: image/webp"], "da"),
    { from: 1, bytes: "ta", last: true },
  ]);
  assert.deepEqual(first?.lines, []);
  has(second, "  File Data: 4 bytes", "  Media type: image/webp (4 bytes)");
});

test("the answer to HEAD has no body, whatever length it tells", () => {
  const [, response, next] = showConnection(http, [
    client("HEAD / HTTP/1.1", "Host: a"),
    server(["HTTP/1.1 200 OK", "Content-Length: 10"]),
    get("/"),
  ]);
  has(response, "  HTTP response 1/2");
  has(next, "  Prev request in frame: 1");
});

test("messages that share a frame share its line in the list", () => {
  const two = `${"GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"}${"GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"}`;
  const [both] = showConnection(http, [{ from: 0, bytes: two }]);
  assert.equal(both?.columns.info, "GET /1 HTTP/1.1 GET /2 HTTP/1.1 ");
});

test("JSON is shown value by value, each with its path", () => {
  const body = '{"a":[1,{"b":"x\\n"}],"c":null}';
  const [, response] = showConnection(http, [
    get("/"),
    server(["HTTP/1.1 200 OK", "Content-Type: application/json", `Content-Length: ${body.length}`], body),
  ]);
  assert.equal(response?.columns.protocol, "HTTP/JSON");
  has(
    response,
    "JavaScript Object Notation: application/json",
    "        Path with value: /a/[]:1",
    "            String value: x\\n",
    "            Path: /a/[]/b",
    "      Null value",
  );
});

test("what only looks like JSON is shown as lines of text", () => {
  for (const body of ['{"a":}', '"text"', "[1,", `${"[".repeat(100)}`]) {
    const [, response] = showConnection(http, [
      get("/"),
      server(["HTTP/1.1 200 OK", "Content-Type: application/json", `Content-Length: ${body.length}`], body),
    ]);
    has(response, "Line-based text data: application/json (1 lines)");
  }
});

test("a form is shown field by field, in either of its types", () => {
  const plain = "name=Ann+Lee&note=50%25";
  const parts =
    '--X\r\nContent-Disposition: form-data; name="n"\r\n\r\nv\r\n' +
    '--X\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nfile\r\n--X--\r\n';
  const post = (type: string, body: string): Segment =>
    client("POST / HTTP/1.1", "Host: a", `Content-Type: ${type}`, `Content-Length: ${body.length}`);
  const form = post("application/x-www-form-urlencoded", plain);
  const multipart = post("multipart/form-data; boundary=X", parts);
  const [first, second] = showConnection(http, [
    { from: 0, bytes: `${form.bytes}${plain}` },
    { from: 0, bytes: `${multipart.bytes}${parts}` },
  ]);
  has(first, '  Form item: "name" = "Ann Lee"', '  Form item: "note" = "50%"');
  has(
    second,
    'MIME Multipart Media Encapsulation, Type: multipart/form-data, Boundary: "X"',
    "  Encapsulated multipart part:  (text/plain)",
    '    Content-Disposition: form-data; name="n"\\r\\n\\r\\n',
    "      file",
  );
});

test("a compressed body is shown as it was before; one that is none, as it is", () => {
  const response = (encoding: string, body: Uint8Array): Shown | undefined => {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`;
    return showConnection(http, [get("/"), { from: 1, bytes: Uint8Array.from([...Buffer.from(head), ...body]) }])[1];
  };
  const text = Buffer.from("hello hello hello\n");
  has(response("gzip", gzipSync(text)), "Line-based text data: text/plain (1 lines)", "  hello hello hello\\n");
  has(response("deflate", deflateSync(text)), "  File Data: 18 bytes");
  const broken = response("gzip", Buffer.from("zzzz"));
  has(broken, "  Content-encoded entity body (gzip): 4 bytes", "    Data (4 bytes)");
  has(broken, "    Expert Info (Warning/Undecoded): Decompression failed");
  has(response("br", Buffer.from("zzzz")), "  Content-encoded entity body (br): 4 bytes");
});

test("a stream that does not begin as HTTP shows nothing; one that goes on as something else shows that", () => {
  assert.deepEqual(showConnection(http, [{ from: 0, bytes: "hello\r\n\r\n" }])[0]?.lines, []);
  const [, second] = showConnection(http, [get("/"), { from: 0, bytes: "hello" }]);
  assert.equal(second?.columns.info, "Continuation");
});

test("credentials and cookies are taken apart", () => {
  const [shown] = showConnection(http, [
    client("GET / HTTP/1.1", "Host: a", "Authorization: Basic QW5uOnNlY3JldA==", "Cookie: a=1; b=2"),
  ]);
  has(shown, "    Credentials: Ann:secret", "    Cookie pair: b=2");
});

test("a coding by the name of something that every object has is none", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    const [response] = showConnection(http, [
      server(["HTTP/1.1 200 OK", `Content-Encoding: ${name}`, "Content-Type: text/plain", "Content-Length: 3"], "one"),
    ]);
    has(response, `  Content-encoded entity body (${name.toLowerCase()}): 3 bytes`);
  }
});

/** Gives bytes to a conversation one octet after the other. @returns the lengths of the messages */
function drip(bytes: Uint8Array): number[] {
  const conversation = http.converse([50_000, 80]);
  const found: number[] = [];
  let from = 0;
  for (let end = 1; end <= bytes.length; end++) {
    const message = conversation.cut(1, bytes.subarray(from, end), false, end, end);
    if (message === undefined) continue;
    found.push(message.length);
    from += message.length;
  }
  return found;
}

// Each takes minutes where all that has come is looked through again with each segment.
test("a message that comes octet by octet costs no more than its octets, wherever it lingers", () => {
  const fields = "a: b\r\n".repeat(10_000);
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const chunked = (more: string): string => `HTTP/1.1 200 OK\r\n${more}Transfer-Encoding: chunked\r\n\r\n`;
  const bodies = `${chunked(fields)}${"1\r\na\r\n".repeat(5_000)}0\r\n\r\n`;
  assert.deepEqual(drip(encode(bodies)), [bodies.length], "a body behind a long head");
  const trailer = `${chunked("")}0\r\n${fields}${fields}\r\n`;
  assert.deepEqual(drip(encode(trailer)), [trailer.length], "a trailer");
  const endless = `${chunked("")}${"1".repeat(100_000)}`;
  assert.ok(drip(encode(endless)).length > 0, "the line before a chunk");
});

test("what is small and means much is shown as far as the tree has room", () => {
  const show = (type: string, body: string): Shown | undefined =>
    showConnection(http, [
      server(["HTTP/1.1 200 OK", `Content-Type: ${type}`, `Content-Length: ${body.length}`], body),
    ])[0];
  has(show("application/json", `[${"1,".repeat(400_000)}1]`), "Line-based text data: application/json (1 lines)");
  has(show("text/plain", "\n".repeat(1_000_000)), "Line-based text data: text/plain (1000000 lines)");
  const form = "application/x-www-form-urlencoded";
  has(show(form, "a=b&".repeat(100_000)), `HTML Form URL Encoded: ${form}`);
});

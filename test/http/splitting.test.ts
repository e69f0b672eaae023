/** Nothing that a handler puts into an answer becomes a field or an answer of its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Handler, Response } from "../../src/application/http/index.ts";
import { HttpScene } from "../fixtures/http-server.ts";

const EVIL = "a\r\nSet-Cookie: stolen=1\r\n\r\n<script>";

/** A body with trailers of a program's making. */
const withTrailers = (value: string): Response => {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(3);
  }
  const pieces = { trailers: { "X-Sum": value }, [Symbol.asyncIterator]: body };
  return new Response(pieces);
};

/** What has the shape of a platform's Response, and whatever in it. */
const shape = (parts: object): never => ({ status: 200, statusText: "", headers: [], body: null, ...parts }) as never;

const ANSWERS: Readonly<Record<string, () => Response>> = {
  "a reason": () => new Response("x", { statusText: EVIL }),
  "a reason by shape": () => shape({ statusText: EVIL }),
  "a status by shape": () => shape({ status: `200 ${EVIL}` }),
  "a value": () => new Response("x", { headers: { A: EVIL } }),
  "a value by shape": () => shape({ headers: [["A", EVIL]] }),
  "a name": () => new Response("x", { headers: { [EVIL]: "a" } }),
  "a name by shape": () => shape({ headers: [[EVIL, "a"]] }),
  "a value that is set": () => {
    const response = new Response("x");
    response.headers.set("A", EVIL);
    return response;
  },
  "a bare LF": () => new Response("x", { headers: { A: EVIL.replaceAll("\r", "") } }),
  "characters whose low octet ends a line": () =>
    new Response("x", { headers: { A: EVIL.replaceAll("\r", "\u010d").replaceAll("\n", "\u010a") } }),
  "a place to go": () => Response.redirect(`/${EVIL}`),
  "a trailer": () => withTrailers(EVIL),
};

test("no answer can be split", async () => {
  let make: () => Response = () => new Response("x");
  const handler: Handler = () => make();
  const scene = await HttpScene.serve(handler);
  for (const [what, evil] of Object.entries(ANSWERS)) {
    make = evil;
    const answer = await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert.match(answer, /^HTTP\/1\.1 \d{3} [^\r\n]*\r\n/, what);
    assert.doesNotMatch(answer, /[\r\n]Set-Cookie|<script>/, what);
  }
  make = () => new Response("sound");
  assert.match(await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), /\r\n\r\nsound$/);
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "../../../../test/fixtures/handler.ts";
import { Response } from "../response.ts";
import { type CorsOptions, cors } from "./cors.ts";

const HERE = "https://app.example";
const with_ = (options: CorsOptions) => cors(options)(() => new Response("data"));
const preflight = (origin: string, headers = "x-token") => ({
  method: "OPTIONS",
  headers: { Origin: origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": headers },
});

describe("CORS (Fetch standard)", () => {
  test("lets any origin read, or only those that are listed", async () => {
    const any = await ask(with_({ origins: "*", expose: ["X-Total"] }), { headers: { Origin: HERE } });
    assert.equal(any.headers.get("access-control-allow-origin"), "*");
    assert.equal(any.headers.get("access-control-expose-headers"), "X-Total");
    assert.equal(any.headers.get("vary"), null);
    const listed = with_({ origins: [HERE], credentials: true });
    const good = await ask(listed, { headers: { Origin: HERE } });
    assert.equal(good.headers.get("access-control-allow-origin"), HERE);
    assert.equal(good.headers.get("access-control-allow-credentials"), "true");
    for (const headers of [{ Origin: "https://evil.example" }, { Origin: "null" }, {}]) {
      const bad = await ask(listed, { headers });
      assert.equal(bad.headers.get("access-control-allow-origin"), null);
      assert.equal(bad.headers.get("vary"), "Origin");
      assert.equal(await bad.text(), "data");
    }
  });

  test("answers a preflight itself", async () => {
    const answer = await ask(with_({ origins: [HERE], maxAge: 600 }), preflight(HERE));
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get("access-control-allow-methods"), "GET, HEAD, POST, PUT, PATCH, DELETE");
    assert.equal(answer.headers.get("access-control-allow-headers"), "x-token");
    assert.equal(answer.headers.get("access-control-max-age"), "600");
    assert.equal(answer.headers.get("vary"), "Origin, Access-Control-Request-Headers");
    const listed = await ask(with_({ origins: "*", headers: ["x-a"], methods: [] }), preflight(HERE));
    assert.equal(listed.headers.get("access-control-allow-headers"), "x-a");
    assert.equal(listed.headers.get("access-control-allow-methods"), "GET, HEAD, POST");
    const bad = await ask(with_({ origins: [HERE] }), preflight("https://evil.example"));
    assert.equal(bad.headers.get("access-control-allow-methods"), null);
  });

  test("leaves an OPTIONS that is no preflight to the handler", async () => {
    assert.equal(await (await ask(with_({ origins: "*" }), { method: "OPTIONS" })).text(), "data");
  });

  test("cannot have credentials for any origin", () => {
    assert.throws(() => cors({ origins: "*", credentials: true }), TypeError);
  });
});

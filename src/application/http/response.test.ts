import assert from "node:assert/strict";
import { test } from "node:test";
import { Response } from "./response.ts";

const platform = globalThis.Response;

test("status, reason, headers and body are what they were given", async () => {
  const response = new Response("hi", { status: 418, statusText: "I'm a teapot", headers: [["X-Tea", "yes"]] });
  assert.equal(response.status, 418);
  assert.equal(response.statusText, "I'm a teapot");
  assert.ok(!response.ok);
  assert.deepEqual(
    [...response.headers],
    [
      ["content-type", "text/plain;charset=UTF-8"],
      ["x-tea", "yes"],
    ],
  );
  assert.equal(await response.text(), "hi");
});

test("statuses and bodies that do not go together are refused as the platform refuses them", () => {
  const cases: [string | null, number][] = [
    [null, 199],
    [null, 600],
    ["", 204],
    ["a", 304],
    ["a", 205],
    [null, 204],
  ];
  for (const [body, status] of cases) {
    const outcome = (make: () => unknown): string => {
      try {
        make();
        return "made";
      } catch (error) {
        return (error as Error).name;
      }
    };
    const ours = outcome(() => new Response(body, { status }));
    assert.equal(
      ours,
      outcome(() => new platform(body, { status })),
      `${body} ${status}`,
    );
  }
  assert.throws(() => new Response(null, { statusText: "a\r\nb" }), TypeError);
  assert.equal(new Response(null, { status: 101 }).status, 101);
});

test("each Set-Cookie stays by itself", () => {
  const response = new Response(null);
  response.headers.append("Set-Cookie", "a=1, x");
  response.headers.append("set-cookie", "b=2");
  assert.deepEqual(response.headers.getSetCookie(), ["a=1, x", "b=2"]);
});

test("JSON and redirects are made as the standard says, but a redirect may go to a path", async () => {
  const json = Response.json({ a: [1] }, { status: 201, headers: { A: "b" } });
  assert.equal(json.headers.get("content-type"), "application/json");
  assert.deepEqual(await json.json(), { a: [1] });
  assert.equal(Response.redirect("http://a.test/ä", 308).headers.get("location"), "http://a.test/%C3%A4");
  assert.equal(Response.redirect("/x?y=ü#z").headers.get("location"), "/x?y=%C3%BC#z");
  assert.throws(() => Response.redirect("http://a.test/", 200), RangeError);
  assert.throws(() => Response.redirect("//evil"), TypeError);
  assert.throws(() => Response.json(undefined), TypeError);
});

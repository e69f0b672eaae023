import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Request } from "../../application/http/request.ts";
import { StatusError } from "../../application/http/status-error.ts";
import { receiveForm, type UploadLimits } from "./uploads.ts";

interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly body: string | Buffer;
}

/** A multipart body, in pieces of some size. */
async function* multipart(parts: readonly Part[], size = 1000, cut = 0): AsyncGenerator<Uint8Array> {
  const all = Buffer.concat([
    ...parts.flatMap(({ name, filename, body }) => [
      Buffer.from(
        `--b\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? "" : `; filename="${filename}"\r\nContent-Type: a/b`}\r\n\r\n`,
      ),
      Buffer.from(body as Buffer),
      Buffer.from("\r\n"),
    ]),
    Buffer.from("--b--\r\n"),
  ]);
  for (let at = 0; at < all.length - cut; at += size) yield all.subarray(at, Math.min(at + size, all.length - cut));
}

const post = (body: string | AsyncIterable<Uint8Array>, type = "multipart/form-data; boundary=b"): Request =>
  new Request("http://a.test/", { method: "POST", body, headers: { "Content-Type": type } });

describe("forms that are received to disk", { timeout: 300_000 }, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "netarium-uploads-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  const receive = (request: Request, limits: Partial<UploadLimits> = {}) => receiveForm(request, { folder, limits });
  const refused = async (request: Request, status: number, limits: Partial<UploadLimits> = {}): Promise<void> => {
    await assert.rejects(receive(request, limits), (error) => {
      assert.ok(error instanceof StatusError, String(error));
      assert.equal(error.status, status, error.message);
      return true;
    });
    assert.deepEqual(readdirSync(folder), [], "nothing is left");
  };

  test("have fields, and files under names of ours that nobody else may read", async () => {
    const large = Buffer.alloc(1_000_000, "x\r\n--");
    for (const size of [1, 1000, 5_000_000]) {
      const parts = [
        { name: "t", body: "grüße" },
        { name: "f", filename: "../../etc/pass wd", body: size === 1 ? "small" : large },
        { name: "t", body: "" },
      ];
      const form = await receive(post(multipart(parts, size)));
      assert.deepEqual(form.fields, [
        ["t", "grüße"],
        ["t", ""],
      ]);
      const [file] = form.files;
      assert.ok(file !== undefined && form.files.length === 1);
      assert.deepEqual([file.field, file.filename, file.type], ["f", "pass wd", "a/b"]);
      assert.ok(file.path.startsWith(folder) && /\/[0-9a-f]{32}$/.test(file.path));
      assert.equal(file.size, statSync(file.path).size);
      assert.equal(statSync(file.path).mode & 0o777, 0o600);
      assert.equal(readFileSync(file.path).length, size === 1 ? 5 : large.length);
      await form.remove();
      assert.ok(!existsSync(file.path));
    }
  });

  test("may be urlencoded", async () => {
    const form = await receive(post("a=1&b=x+y%26&a=2", "application/x-www-form-urlencoded"));
    assert.deepEqual(form.fields, [
      ["a", "1"],
      ["b", "x y&"],
      ["a", "2"],
    ]);
  });

  test("are refused past their limits, and nothing is left", async () => {
    const file = (name: string, length: number): Part => ({ name, filename: "x", body: Buffer.alloc(length) });
    await refused(post(multipart([file("a", 1001)])), 413, { fileLength: 1000 });
    await refused(post(multipart([file("a", 600), file("b", 600)], 100_000)), 413, { filesLength: 1000 });
    await refused(post(multipart([file("a", 1), file("b", 1), file("c", 1)])), 413, { files: 2 });
    await refused(post(multipart([1, 2, 3].map((at) => ({ name: `${at}`, body: "" })))), 413, { fields: 2 });
    await refused(post(multipart([{ name: "a", body: "x".repeat(101) }])), 413, { fieldLength: 100 });
    await refused(post(multipart([{ name: "x".repeat(300), body: "" }])), 413);
    await refused(post("a=".padEnd(200, "x"), "application/x-www-form-urlencoded"), 413, { fieldLength: 100 });
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield* multipart([file("a", 10)], 1000, 10);
      for (;;) yield new Uint8Array(65_536);
    }
    await refused(post(endless()), 413, { fileLength: 1_000_000 });
  });

  test("that are broken, or none, are refused", async () => {
    await refused(post("x", "text/plain"), 415);
    await refused(post("x", "multipart/form-data"), 400);
    await refused(post("no boundary in it"), 400);
    await refused(post(multipart([{ name: "f", filename: "x", body: "cut off" }], 1000, 12)), 400);
    await refused(post(multipart([{ name: "f", body: "cut off" }], 1000, 12)), 400);
  });

  test("whose client goes leave nothing, and its going is what is told", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* multipart([{ name: "f", filename: "x", body: Buffer.alloc(100_000) }], 1000, 50_000);
      throw new Error("the client has gone");
    }
    await assert.rejects(receive(post(broken())), /the client has gone/);
    assert.deepEqual(readdirSync(folder), []);
  });
});

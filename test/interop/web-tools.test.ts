/** Our web server as wget, curl and ab see it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { requireTool } from "../require.ts";
import { temporaryFolder } from "../support/cli.ts";
import { MODIFIED, runTool, SECRET, serveSite } from "../support/web-site.ts";

const STATUS = "%{http_code}";

describe("wget", { timeout: 300_000 }, () => {
  test("mirrors a site, and asks again only for what has changed", async (t) => {
    if (!requireTool(t, "wget")) return;
    const { url, folder, log, logged } = await serveSite(t);
    const into = temporaryFolder(t);
    const args = ["-q", "-r", "-N", "-p", "-nH", "--level=5", "--no-cache", url];
    assert.equal((await runTool("wget", args, into)).code, 0);
    for (const name of ["index.html", "style.css", "app.js", "a b.png", "sub/index.html", "sub/deep/one.html"]) {
      assert.deepEqual(readFileSync(join(into, name)), readFileSync(join(folder, name)), name);
    }
    assert.equal(statSync(join(into, "style.css")).mtimeMs, MODIFIED.getTime());
    log.length = 0;
    const again = await runTool("wget", ["-q", "-N", `${url}style.css`], into);
    assert.equal(again.code, 0);
    await logged(1);
    assert.match(log[0] ?? "", /"GET \/style\.css HTTP\/1\.1" 304 /);
  });

  test("lists a folder by its links", async (t) => {
    if (!requireTool(t, "wget")) return;
    const { url } = await serveSite(t, { listing: true, index: [] });
    const into = temporaryFolder(t);
    assert.equal((await runTool("wget", ["-q", "-r", "-np", "-nH", "--level=5", url], into)).code, 0);
    assert.ok(existsSync(join(into, "sub/deep/one.html")) && existsSync(join(into, "a b.png")));
    assert.ok(!existsSync(join(into, "link.txt")) && !existsSync(join(into, ".hidden")));
  });

  test("goes on where a download was broken off", async (t) => {
    if (!requireTool(t, "wget")) return;
    const { url, folder, log, logged } = await serveSite(t);
    const into = temporaryFolder(t);
    await runTool("wget", ["-q", `${url}large.bin`], into);
    const file = join(into, "large.bin");
    truncateSync(file, 1_000_000);
    assert.equal((await runTool("wget", ["-q", "-c", `${url}large.bin`], into)).code, 0);
    assert.deepEqual(readFileSync(file), readFileSync(join(folder, "large.bin")));
    assert.equal((await runTool("wget", ["-q", "-c", `${url}large.bin`], into)).code, 0);
    await logged(3);
    assert.match(log[1] ?? "", / 206 2000000 /);
    assert.match(log[2] ?? "", / 416 /);
  });
});

describe("curl", { timeout: 300_000 }, () => {
  const curl = (...args: string[]) => runTool("curl", ["-s", "--path-as-is", ...args]);

  test("asks for ranges: the beginning, the end, several", async (t) => {
    if (!requireTool(t, "curl")) return;
    const { url, folder } = await serveSite(t);
    const whole = readFileSync(join(folder, "large.bin"));
    for (const [range, from, to] of [
      ["0-9", 0, 10],
      ["2999990-", 2_999_990, 3_000_000],
      ["-5", 2_999_995, 3_000_000],
      ["7-2000000", 7, 2_000_001],
    ] as const) {
      const { stdout } = await curl("--range", range, `${url}large.bin`);
      assert.deepEqual(stdout, whole.subarray(from, to), range);
    }
    const several = await curl("-i", "--range", "0-1,100000-100001", `${url}large.bin`);
    const text = several.stdout.toString("latin1");
    assert.match(text, /^HTTP\/1\.1 206 /);
    assert.equal(text.match(/^Content-Range: bytes \d+-\d+\/3000000\r$/gm)?.length, 2);
    assert.equal(
      (await curl("-o", "/dev/null", "-w", STATUS, "--range", "3000000-", `${url}large.bin`)).stdout.toString(),
      "416",
    );
    const parts = temporaryFolder(t);
    writeFileSync(join(parts, "x"), whole.subarray(0, 500_000));
    assert.equal((await curl("-C", "-", "-o", join(parts, "x"), `${url}large.bin`)).code, 0);
    assert.deepEqual(readFileSync(join(parts, "x")), whole);
  });

  test("asks only for what is newer, or another", async (t) => {
    if (!requireTool(t, "curl")) return;
    const { url } = await serveSite(t);
    const status = async (...args: string[]) =>
      (await curl("-o", "/dev/null", "-w", STATUS, ...args, `${url}style.css`)).stdout.toString();
    assert.equal(await status("-z", "Thu, 01 Jan 2026 00:00:00 GMT"), "304");
    assert.equal(await status("-z", "Wed, 31 Dec 2025 23:59:59 GMT"), "200");
    assert.equal(await status("-z", "-Wed, 31 Dec 2025 23:59:59 GMT"), "412");
    const tag = join(temporaryFolder(t), "tag");
    assert.equal(await status("--etag-save", tag), "200");
    assert.match(readFileSync(tag, "utf8"), /^"[\w.-]+"\n?$/);
    assert.equal(await status("--etag-compare", tag), "304");
    writeFileSync(tag, '"another"');
    assert.equal(await status("--etag-compare", tag), "200");
  });

  test("takes every coding that it knows", async (t) => {
    if (!requireTool(t, "curl")) return;
    const { url, folder } = await serveSite(t, { precompressed: true });
    const whole = readFileSync(join(folder, "text.txt"));
    for (const coding of ["gzip", "deflate", "br"]) {
      const asked = ["-H", `Accept-Encoding: ${coding}`, "--compressed", "-w", "%{stderr}%{size_download}"];
      const { stdout, stderr } = await curl(...asked, `${url}text.txt`);
      assert.deepEqual(stdout, whole, coding);
      assert.ok(Number(stderr) < 1000, `${stderr} bytes by ${coding}`);
    }
    writeFileSync(join(folder, "text.txt.br"), brotliCompressSync(Buffer.from("compressed before")));
    const { stdout } = await curl("--compressed", "-H", "Accept-Encoding: br", `${url}text.txt`);
    assert.equal(stdout.toString(), "compressed before");
  });

  test("is never shown what is hidden or outside, in any spelling", async (t) => {
    if (!requireTool(t, "curl")) return;
    const { url, log } = await serveSite(t, { listing: true });
    const paths = [
      ...[
        "../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "%2e%2e%2fsecret.txt",
        "sub/../../secret.txt",
        "sub/..%2f..%2fsecret.txt",
      ],
      ...[
        "..%5csecret.txt",
        "..\\secret.txt",
        "..%c0%afsecret.txt",
        "%c0%ae%c0%ae/secret.txt",
        "%252e%252e/secret.txt",
        "..%00/secret.txt",
      ],
      ...[
        "link.txt",
        "link.txt/",
        ".hidden",
        "%2ehidden",
        "./.hidden",
        "sub/%2e./.hidden",
        "/../secret.txt",
        "//../../secret.txt",
        "..;/secret.txt",
      ],
    ];
    for (const path of paths) {
      const { stdout } = await curl("-i", url + path);
      assert.match(stdout.toString(), /^HTTP\/1\.1 4\d\d /, path);
      assert.ok(!stdout.includes(SECRET), path);
    }
    const { stdout } = await curl("--path-as-is", url);
    assert.ok(!stdout.includes("hidden") && !stdout.includes("link.txt"));
    assert.ok(log.length > paths.length / 2);
  });

  test("posts a form, keeps a cookie and follows to the next page", async (t) => {
    if (!requireTool(t, "curl")) return;
    const forms = [{ path: "/sign", redirect: "/sub/", cookie: { name: "visitor", field: "name" } }];
    const { url, log } = await serveSite(t, { forms });
    const jar = join(temporaryFolder(t), "jar");
    for (const args of [
      ["-d", "name=Zoe"],
      ["-F", "name=Zoe", "-F", "f=@/dev/null;filename=x.txt"],
    ]) {
      const { stdout } = await curl("-L", "-c", jar, ...args, `${url}sign`);
      assert.match(stdout.toString(), /deep\/one\.html/);
      assert.match(readFileSync(jar, "utf8"), /^#HttpOnly_127\.0\.0\.1\t.*\tvisitor\tZoe$/m);
    }
    assert.ok(
      log.some((line) => line.includes('name=\\"Zoe\\" f=\\"x.txt\\"')),
      log.join("\n"),
    );
  });
});

describe("ab", { timeout: 300_000 }, () => {
  for (const keepAlive of [true, false]) {
    test(`fails in none of its requests, ${keepAlive ? "with" : "without"} keep-alive`, async (t) => {
      if (!requireTool(t, "ab")) return;
      const { url } = await serveSite(t);
      const { stdout, code } = await runTool("ab", [
        ...(keepAlive ? ["-k"] : []),
        "-q",
        "-n",
        "500",
        "-c",
        "10",
        `${url}style.css`,
      ]);
      const text = stdout.toString();
      assert.equal(code, 0, text);
      assert.match(text, /^Complete requests:\s+500$/m);
      assert.match(text, /^Failed requests:\s+0$/m);
      assert.doesNotMatch(text, /Non-2xx/);
      if (keepAlive) assert.match(text, /^Keep-Alive requests:\s+500$/m);
    });
  }
});

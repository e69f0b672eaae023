import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type TransferFacts, writeOut } from "./write-out.ts";

const facts: TransferFacts = {
  contentType: "text/plain",
  errorMessage: "",
  exitCode: 0,
  fileName: "",
  status: 0,
  connectStatus: 0,
  httpVersion: "1.1",
  localIp: "127.0.0.1",
  localPort: 1,
  remoteIp: "127.0.0.1",
  remotePort: 80,
  method: "GET",
  connects: 1,
  headers: [
    ["A", "1"],
    ["a", "2"],
  ],
  redirects: 0,
  redirectUrl: "",
  referer: "",
  scheme: "HTTP",
  sizeDownload: 5,
  sizeHeader: 20,
  sizeRequest: 30,
  sizeUpload: 0,
  times: {
    namelookup: 0,
    connect: 0.001,
    appconnect: 0,
    pretransfer: 0.001,
    starttransfer: 0.002,
    redirect: 0,
    total: 0.5,
  },
  url: "x",
  effectiveUrl: "http://x/",
  urlNumber: 0,
  verifyResult: 0,
};

describe("--write-out", () => {
  test("fills in what it names, and keeps the rest", () => {
    const { stdout, stderr } = writeOut(
      "%{http_code} %{time_total} %{speed_download}%%\\n\\t\\q %header{A} %{nope}%",
      facts,
    );
    assert.equal(stdout, "000 0.500000 10%\n\t\\q 1 %");
    assert.equal(stderr, "curl: unknown --write-out variable: 'nope'\n");
  });

  test("goes to standard error from where it says so, and stops at onerror when all went well", () => {
    assert.deepEqual(writeOut("a%{stderr}b%{stdout}c", facts), { stdout: "ac", stderr: "b" });
    assert.equal(writeOut("a%{onerror}b", facts).stdout, "a");
    assert.equal(writeOut("a%{onerror}b", { ...facts, exitCode: 7 }).stdout, "ab");
  });

  test("gives all as JSON", () => {
    const all = JSON.parse(writeOut("%{json}", facts).stdout);
    assert.deepEqual([all.http_code, all.size_download, all.method, all.redirect_url], [0, 5, "GET", null]);
    assert.deepEqual(JSON.parse(writeOut("%{header_json}", facts).stdout), { a: ["1", "2"] });
  });
});

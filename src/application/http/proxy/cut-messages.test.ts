import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { proxyScene } from "../../../../test/fixtures/proxy-scene.ts";
import type { Script } from "../../../../test/fixtures/scripted-server.ts";
import { writeAll } from "../../../socket/tcp.ts";

const ANSWERS = {
  length: "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 11\r\n\r\nhello world",
  chunked:
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n",
};

describe("an answer that an upstream cuts anywhere", () => {
  for (const [framing, answer] of Object.entries(ANSWERS)) {
    for (const how of ["closes", "resets"]) {
      test(`is 502 or cut for the client too, never whole (${framing}, ${how})`, () => {
        const a: Script = async (connection) => {
          const request = await connection.request();
          const length = Number(request?.target.slice(1));
          await connection.send(answer.slice(0, length));
          if (how === "resets") {
            // What is on its way would be lost with the connection.
            await connection.socket.recv(1, { timeout: 50e6 as never }).catch(() => {});
            connection.socket.setsockopt("SO_LINGER", 0);
          }
        };
        return proxyScene({ a }, {}, async (scene) => {
          for (let length = 0; length < answer.length; length++) {
            const heard = await scene.raw(`GET /${length} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
            const isRefused = heard.startsWith("HTTP/1.1 502 ");
            const isCut = heard.endsWith("<ECONNRESET>") && !heard.includes("\r\n0\r\n");
            assert.ok(isRefused || isCut, `after ${length} octets: ${JSON.stringify(heard)}`);
          }
          const whole = await scene.raw(`GET /${answer.length} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
          assert.match(
            whole,
            framing === "length" ? /\r\n\r\nhello world<end>$/ : /hello.* world\r\n0\r\nX-Sum: 1\r\n\r\n<end>$/s,
          );
        });
      });
    }
  }
});

const REQUESTS = {
  length: "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world",
  chunked:
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n",
};

describe("a request that a client cuts anywhere", () => {
  for (const [framing, request] of Object.entries(REQUESTS)) {
    test(`is never whole for the upstream (${framing})`, () => {
      const a: Script = async (connection) => {
        while ((await connection.request()) !== undefined) await connection.answer("200 OK");
      };
      return proxyScene({ a }, {}, async (scene) => {
        for (let length = 1; length < request.length; length++) {
          const socket = await scene.connect();
          await writeAll(socket, new TextEncoder().encode(request.slice(0, length)));
          if (length % 2 === 0) socket.setsockopt("SO_LINGER", 0);
          await scene.sleep(0.05);
          await socket.close();
          await scene.sleep(0.05);
        }
        assert.equal(scene.a.requests.length, 0);
        assert.match(await scene.raw(request), /^HTTP\/1\.1 200 /);
        assert.equal(scene.a.requests[0]?.body, "hello world");
      });
    });
  }
});

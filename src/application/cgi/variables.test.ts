import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestInfo } from "../../../test/fixtures/request-info.ts";
import { Request } from "../http/request.ts";
import { metaVariables, requestPath, type VariableOptions } from "./variables.ts";

const OPTIONS: VariableOptions = {
  place: { scriptName: "/cgi/a.cgi", pathInfo: "/x y" },
  contentLength: 3,
  pathTranslated: "/srv/x y",
  authorization: false,
};

function variables(headers: [string, string][], options: Partial<VariableOptions> = {}): Record<string, string> {
  const request = new Request("http://example.test:8080/cgi/a.cgi/x%20y?q=%20&r", { method: "POST", headers });
  return Object.fromEntries(metaVariables(request, requestInfo(), { ...OPTIONS, ...options }));
}

describe("meta-variables", () => {
  test("are those of RFC 3875 §4.1 and nothing else", () => {
    assert.deepEqual(
      variables([
        ["Host", "example.test:8080"],
        ["Content-Type", "text/plain"],
        ["Content-Length", "3"],
        ["Accept-Language", "de"],
      ]),
      {
        GATEWAY_INTERFACE: "CGI/1.1",
        SERVER_SOFTWARE: "Netarium",
        SERVER_PROTOCOL: "HTTP/1.1",
        SERVER_NAME: "example.test",
        SERVER_PORT: "80",
        REMOTE_ADDR: "192.0.2.7",
        REQUEST_METHOD: "POST",
        SCRIPT_NAME: "/cgi/a.cgi",
        PATH_INFO: "/x y",
        PATH_TRANSLATED: "/srv/x y",
        QUERY_STRING: "q=%20&r",
        CONTENT_LENGTH: "3",
        CONTENT_TYPE: "text/plain",
        HTTP_HOST: "example.test:8080",
        HTTP_ACCEPT_LANGUAGE: "de",
      },
    );
  });

  test("names with _ and Proxy never get there, nor what is about the connection", () => {
    const names = Object.keys(
      variables([
        ["Proxy", "http://evil.test"],
        ["Proxy_", "x"],
        ["X_Forwarded_For", "x"],
        ["X-Real", "y"],
        ["Authorization", "Basic x"],
        ["Proxy-Authorization", "Basic x"],
        ["Connection", "close"],
        ["Transfer-Encoding", "chunked"],
        ["X.Y", "z"],
      ]),
    ).filter((name) => name.startsWith("HTTP_"));
    assert.deepEqual(names, ["HTTP_X_REAL"]);
  });

  test("the lines of a field are one value, cookies by semicolons", () => {
    const { HTTP_ACCEPT, HTTP_COOKIE } = variables([
      ["Accept", "a/b"],
      ["Cookie", "a=1"],
      ["accept", "c/d"],
      ["Cookie", "b=2"],
    ]);
    assert.deepEqual([HTTP_ACCEPT, HTTP_COOKIE], ["a/b, c/d", "a=1; b=2"]);
  });

  test("Authorization is shown to who may see it", () => {
    assert.equal(variables([["Authorization", "Basic x"]], { authorization: true }).HTTP_AUTHORIZATION, "Basic x");
  });

  test("an address in brackets keeps them, and without Host our own address is the name", () => {
    assert.equal(variables([["Host", "[::1]:80"]]).SERVER_NAME, "[::1]");
    assert.equal(variables([]).SERVER_NAME, "192.0.2.1");
  });

  test("a path with an encoded slash has no bytes to be told", () => {
    assert.equal(requestPath(new Request("http://h/a%2Fb")), undefined);
    assert.equal(requestPath(new Request("http://h/a%20b/")), "/a b/");
  });
});

/** Sound messages that use all there is to HTTP/1.1's framing, for mutating. */
const REQUESTS = [
  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  "GET /a/b.html?c=d&e=%20 HTTP/1.1\r\nHost: www.example.com:8080\r\nAccept: text/html, */*;q=0.8\r\nCookie: a=b; c=d\r\n\r\n",
  "POST /form HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\na=b&c=d&e=f",
  'PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n5\r\nhello\r\n6;a=b;c="d\\"e"\r\n world\r\n0\r\nSum: 1\r\n\r\n',
  "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\nHEAD / HTTP/1.0\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-High: \xe9\xff\r\n\r\n",
  "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n",
  "GET http://a.example/x HTTP/1.1\r\nHost: a.example\r\n\r\n",
  "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n",
];

const RESPONSES = [
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nDate: Mon, 05 Jan 2026 00:00:00 GMT\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n3;x\r\nabc\r\n00\r\nT: u\r\n\r\n",
  "HTTP/1.0 200 OK\r\nServer: x\r\n\r\nup to the end",
  'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200\r\nTransfer-Encoding: gzip\r\n\r\nabc',
  "HTTP/1.1 200 Fold\xe9d\r\nA: b\r\n c\r\nContent-Length: 1, 1\r\n\r\nz",
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nraw",
];

const octets = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

export const REQUEST_SAMPLES: readonly Uint8Array[] = REQUESTS.map(octets);
export const RESPONSE_SAMPLES: readonly Uint8Array[] = RESPONSES.map(octets);

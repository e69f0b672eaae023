const encoder = new TextEncoder();

/**
 * A method, a target and a version (RFC 9112 §3), as loosely as any server takes them (§2.2, §3): every form of target has one of
 * these signs (§3.2), and methods are no closed list.
 */
const HTTP_REQUEST = /^[\w!#$%&'*+.^`|~-]+[ \t]+(?:\/.*|[^ \t]*[/*:][^ \t]*)[ \t]+HTTP\/\d+(?:\.\d+)?[ \t]*$/i;
/** A TLS record with a handshake in it (RFC 8446 §5.1). */
const TLS_HANDSHAKE = "\x16\x03";

const HINT = "This is a chat room, not a web server. Join it with nc or telnet, at the same host and port.\n";

/**
 * Whether a first line is of a program that believes it talks to something else, such as a browser.
 * @returns what it is answered before its connection is closed; undefined for somebody who chats
 */
export function answerToForeign(line: string): Uint8Array | undefined {
  if (HTTP_REQUEST.test(line)) {
    const head = ["HTTP/1.1 400 Bad Request", "Content-Type: text/plain; charset=utf-8", "Connection: close"];
    const body = line.startsWith("HEAD ") ? "" : HINT;
    return encoder.encode(`${head.join("\r\n")}\r\nContent-Length: ${HINT.length}\r\n\r\n${body}`);
  }
  return line.startsWith(TLS_HANDSHAKE) ? new Uint8Array(0) : undefined;
}

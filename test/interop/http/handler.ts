import { type Handler, Response, StatusError } from "../../../src/application/http/index.ts";

const LARGE = 3_000_000;

/** What the large body has at a place: no two pieces of it look alike. */
export function largeBody(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(LARGE);
  for (let i = 0; i < LARGE; i++) bytes[i] = (i * 2_654_435_761) >>> 24;
  return bytes;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_007) yield bytes.slice(at, at + 10_007);
}

/** A program that shows a client every kind of answer. */
export const manyAnswers: Handler = async (request) => {
  const { pathname, searchParams } = new URL(request.url);
  switch (pathname) {
    case "/hello":
      return new Response("Hello, world!\n");
    case "/what":
      return Response.json({ method: request.method, target: request.target, headers: [...request.headers] });
    case "/echo":
      return new Response(request.pieces(), { headers: { "Content-Type": request.headers.get("content-type") ?? "" } });
    case "/form":
      return Response.json(
        [...(await request.formData())].map(([name, value]) => [name, typeof value === "string" ? value : value.size]),
      );
    case "/large":
      return new Response(largeBody());
    case "/chunked":
      return new Response(pieces(largeBody()));
    case "/unread":
      return new Response("not read\n", { status: 403 });
    case "/redirect":
      return Response.redirect("/hello");
    case "/cookies":
      return new Response("", {
        headers: [
          ["Set-Cookie", "a=1"],
          ["Set-Cookie", "b=2"],
        ],
      });
    case "/status":
      return new Response(null, { status: Number(searchParams.get("code")) });
    case "/broken":
      throw new StatusError(422, "as asked");
    default:
      return new Response("nothing here\n", { status: 404 });
  }
};

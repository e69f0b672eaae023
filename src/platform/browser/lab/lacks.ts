import type { Problem } from "../../../engine/protocol/problem.ts";
import type { NetworkDocument } from "../../../network/document.ts";

/** How deep the parameters of a program are looked into: deeper than any site is written. */
const DEPTH_LIMIT = 16;

/** What a network asks for that needs Node, and so is not had in a browser, each with what takes part in it. */
export function lacksOf(document: NetworkDocument): Problem[] {
  const { doors } = document;
  const named = (kind: (typeof doors)[number]["kind"]): string =>
    doors.flatMap((door) => (door.kind === kind ? [door.name] : [])).join(", ");
  const [ports, tunnels, streams, hosts] = [
    named("publish"),
    named("tunnel"),
    named("stream"),
    tlsHosts(document).join(", "),
  ];
  const lacks: Problem[] = [];
  if (ports !== "") {
    const text = `Published ports (${ports}) are shut: programs outside cannot reach into a browser.`;
    lacks.push({ code: "lacks-ports", params: { doors: ports }, text });
  }
  if (tunnels !== "") {
    const text = `Tunnels (${tunnels}) are shut: a browser has no network interfaces.`;
    lacks.push({ code: "lacks-tunnels", params: { doors: tunnels }, text });
  }
  if (streams !== "") {
    const text = `Frame streams (${streams}) are shut: a browser has no sockets.`;
    lacks.push({ code: "lacks-streams", params: { doors: streams }, text });
  }
  if (hosts !== "") {
    const text = `TLS (on ${hosts}) needs OpenSSL, which Node brings: its programs will say that they cannot cipher.`;
    lacks.push({ code: "lacks-tls", params: { hosts }, text });
  }
  return lacks;
}

/** Whether programs will fail for what is not there; shut doors keep nothing inside from running. */
export const needsWhatLacks = (document: NetworkDocument): boolean => tlsHosts(document).length > 0;

/** Hosts whose programs are told to cipher. */
function tlsHosts({ devices }: NetworkDocument): string[] {
  const hosts = devices.filter((device) => "programs" in device && device.programs.some(asksForTls));
  return hosts.map(({ name }) => name);
}

const asksForTls = ({ parameters }: { readonly parameters: object }): boolean => mentionsTls(parameters, 0);

/** TLS is asked for by `tls: true`, or by an address that begins with https or wss. */
function mentionsTls(value: unknown, depth: number): boolean {
  if (typeof value === "string") return /^(?:https|wss):\/\//.test(value);
  if (typeof value !== "object" || value === null || depth > DEPTH_LIMIT) return false;
  if ((value as { readonly tls?: unknown }).tls === true) return true;
  return Object.values(value).some((each) => mentionsTls(each, depth + 1));
}

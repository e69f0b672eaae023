import type { SocketOptions } from "../../socket/socket.ts";
import { attempt, type Descriptor, type Result } from "./descriptor.ts";
import type { Value } from "./script.ts";
import type { Arguments } from "./values.ts";

/** Options whose values every system chooses itself; they are compared only when the script has set them. */
const OWN_VALUE = new Set(["SO_RCVBUF", "SO_SNDBUF"]);

/** `setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4)`. @returns undefined for an option that our sockets do not have */
export function setOption(descriptor: Descriptor, args: Arguments): Result | undefined {
  const option = args.name(2) as keyof SocketOptions;
  const { socket, chosen } = descriptor;
  const current = attempt(() => {
    socket.getsockopt(option);
    return 0;
  });
  if (current === "ENOPROTOOPT") return undefined;
  if (typeof current === "string") return current;
  chosen.add(option);
  return attempt(() => {
    socket.setsockopt(option, toOption(args, args.at(3), option, typeof socket.getsockopt(option)) as never);
    return 0;
  });
}

function toOption(args: Arguments, value: Value, option: string, type: string): unknown {
  if (value.kind === "list" && value.items.length === 1) return toOption(args, value.items[0] as Value, option, type);
  if (option === "SO_LINGER") {
    const fields = value.kind === "record" ? value : args.fail("SO_LINGER takes {onoff=…, linger=…}");
    const [on, seconds] = ["onoff", "linger"].map(
      (name, index) => fields.fields.get(name) ?? fields.fields.get(`l_${name}`) ?? fields.items[index],
    );
    return on !== undefined && args.toNumber(on) !== 0 ? args.toNumber(seconds ?? on) : undefined;
  }
  if (value.kind === "record") {
    const [seconds, microseconds] = ["tv_sec", "tv_usec"].map((name) => value.fields.get(name));
    if (seconds === undefined || microseconds === undefined) args.fail(`the value of ${option} cannot be read`);
    return args.toNumber(seconds as Value) * 1e9 + args.toNumber(microseconds as Value) * 1e3;
  }
  if (value.kind === "text") return value.text;
  const number = args.toNumber(value);
  return type === "boolean" ? number !== 0 : number;
}

/**
 * `getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4])`.
 * @returns undefined for an option that our sockets do not have; in words, how its value is not what the script expects
 */
export function getOption(descriptor: Descriptor, args: Arguments): { result: Result; wrong?: string } | undefined {
  const { socket, chosen } = descriptor;
  const option = args.name(2);
  const expected = first(args.at(3));
  if (option === "SO_ERROR") return { result: 0, ...compare(option, expected, socket.takeError() ?? 0) };
  let value: unknown;
  const result = attempt(() => {
    value = socket.getsockopt(option as keyof SocketOptions);
    return 0;
  });
  if (result === "ENOPROTOOPT") return undefined;
  if (result !== 0 || (OWN_VALUE.has(option) && !chosen.has(option))) return { result };
  if (expected.kind === "record" || expected.kind === "ellipsis") return { result };
  const number = typeof value === "boolean" ? Number(value) : (value as number);
  // Linux tells twice what was set, to count its own overhead.
  const doubled = OWN_VALUE.has(option) && expected.kind === "number" && expected.value === number * 2;
  return { result, ...(doubled ? {} : compare(option, expected, number)) };
}

const first = (value: Value): Value =>
  value.kind === "list" && value.items.length === 1 ? (value.items[0] as Value) : value;

function compare(option: string, expected: Value, came: string | number): { wrong?: string } {
  if (expected.kind !== "number" && expected.kind !== "name") return {};
  const wanted = expected.kind === "number" ? expected.value : expected.name;
  return wanted === came ? {} : { wrong: `${option}: expected ${wanted}, came ${came}` };
}

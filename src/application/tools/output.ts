import { NameError } from "../../socket/names.ts";
import { SocketError } from "../../socket/socket.ts";
import type { CommandContext, SettingError } from "../shell/command.ts";

const encoder = new TextEncoder();

/** Writes lines to standard output. */
export function print({ io }: CommandContext, ...lines: readonly string[]): Promise<void> {
  return io.stdout(encoder.encode(lines.map((line) => `${line}\n`).join("")));
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EADDRNOTAVAIL: "Cannot assign requested address",
  EHOSTUNREACH: "No route to host",
  EINVAL: "Invalid argument",
  EMFILE: "Too many open files",
  EMSGSIZE: "Message too long",
  ENETDOWN: "Network is down",
  ENETUNREACH: "Network is unreachable",
  EPERM: "Operation not permitted",
  EPROTONOSUPPORT: "Protocol not supported",
};

/** What a refused call says, as `strerror` does. @throws what is no refusal */
export function describeError(error: unknown): string {
  if (!(error instanceof SocketError)) throw error;
  return WORDS[error.code] ?? error.code;
}

/** The first address of a name. @returns in the words of `gai_strerror` why there is none */
export async function lookUp(context: CommandContext, name: string): Promise<{ address: string } | string> {
  try {
    const [address] = await context.names.lookup(name, { signal: context.signal });
    return address === undefined ? "Name or service not known" : { address };
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return error.code === "EAI_AGAIN" ? "Temporary failure in name resolution" : "Name or service not known";
  }
}

const SETTING_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: "File exists",
  ENODEV: "No such device",
  ENXIO: "No such device or address",
};

/** Why a setting was refused, as `strerror` words what Linux says then. */
export const settingErrorText = (error: SettingError): string => SETTING_WORDS[error] ?? WORDS[error] ?? error;

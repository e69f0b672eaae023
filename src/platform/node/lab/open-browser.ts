import { spawn } from "node:child_process";

/** What starts a program and lets it go; throws or tells of an error when there is none. */
export type Launch = (command: string, args: readonly string[], onError: () => void) => void;

export interface BrowserPlace {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly launch: Launch;
}

/** The command that opens an address in the browser that somebody is likely to sit at. @returns undefined where nobody does */
export function browserCommand({
  platform,
  env,
}: Omit<BrowserPlace, "launch">): readonly [string, ...string[]] | undefined {
  if ((env.CI ?? "") !== "" && env.CI !== "false") return undefined;
  if (platform === "darwin") return ["open"];
  // `start` takes its first quoted word for a title; the address has no letter that cmd reads as its own.
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  if ((env.SSH_CONNECTION ?? "") !== "") return undefined;
  const hasScreen = [env.DISPLAY, env.WAYLAND_DISPLAY].some((each) => each !== undefined && each !== "");
  return hasScreen ? ["xdg-open"] : undefined;
}

const HERE: BrowserPlace = {
  platform: process.platform,
  env: process.env,
  launch: (command, args, onError) => {
    const child = spawn(command, args, { stdio: "ignore", detached: true, windowsHide: true });
    child.on("error", onError);
    child.unref();
  },
};

/**
 * Opens an address in a browser, where there is one. It never fails: the address has been printed.
 * @returns whether it was tried
 */
export function openBrowser(url: string, place: BrowserPlace = HERE): boolean {
  const command = browserCommand(place);
  if (command === undefined) return false;
  const [program, ...args] = command;
  try {
    place.launch(program, [...args, url], () => {});
    return true;
  } catch {
    return false;
  }
}

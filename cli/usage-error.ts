/** The exit codes of the command. */
export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** Bad usage, or a file that cannot be used: said in one line, without a stack. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** What an error of the file system says, in words, when a file was to be read or written. */
export function fileError(path: string, error: unknown, intent: "read" | "write" = "read"): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    ENOENT: intent === "read" ? "there is no such file" : "there is no such folder",
    EACCES: "it may not be read or written",
    EISDIR: "it is a folder",
    ENOTDIR: "its folder is not one",
  };
  return new UsageError(`${path}: ${words[code ?? ""] ?? message}`);
}

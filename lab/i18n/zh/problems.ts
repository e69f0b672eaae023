import type { problems as english } from "../en/problems.ts";
import type { Translation } from "../text.ts";

export const problems: Translation<typeof english> = {
  "port-in-use": "端口已被另一个程序占用",
};

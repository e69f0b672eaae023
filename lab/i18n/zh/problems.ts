import type { problems as english } from "../en/problems.ts";
import type { Translation } from "../text.ts";

export const problems: Translation<typeof english> = {
  "port-in-use": "{address} 的端口 {port} 已被另一个程序占用",
  "port-not-allowed": "当前用户无权打开 {address} 的端口 {port}",
  "no-outside": "此处没有外部可以进来",
  disconnected: "目前无法连接引擎",
};

import type { program as english } from "../en/program.ts";
import type { Translation } from "../text.ts";

export const program: Translation<typeof english> = {
  title: "程序",
  show: "转到程序",
  run: "运行程序",
  stop: "停止程序",
  text: "程序代码",
  name: "程序名称",
  on: "主机",
  examples: "示例",
  output: "程序输出",
  empty: "用 TypeScript 和套接字 API 编写程序，选择一台主机并运行。程序的输出会显示在这里。",
  begins: "即将开始……",
  paused: "时间已暂停：时间继续后程序才会开始。",
  waiting: "{name} 即将在 {host} 上开始……",
  running: "{name} 正在 {host} 上运行。",
  done: "{host} 上的 {name} 已结束。",
  failed: "{host} 上的 {name} 出错了。",
  stopped: "{host} 上的 {name} 已停止。",
  killed: "{host} 上的 {name} 已被终止。",
};

import type { connection as english } from "../en/connection.ts";
import type { Translation } from "../text.ts";

export const connection: Translation<typeof english> = {
  status: "引擎",
  seed: "随机种子 {seed}",
  open: "已连接",
  connecting: "正在连接…",
  goneShort: "未连接",
  gone: "无法连接到引擎。",
  goneRemedy:
    "没有丢失任何内容：本页会自动重试，并显示最后已知的状态。如果实验室已结束，请重新启动并打开它打印的地址。",
  tries: { one: "已尝试 {count} 次", other: "已尝试 {count} 次" },
  again: "立即重试",
  token: "本页无权查看该引擎。",
  tokenRemedy:
    "实验室每次启动都有自己的令牌，而本页没有令牌，或令牌来自之前的启动。请打开实验室在终端中打印的完整地址。",
  version: "引擎使用实验室协议的版本 {theirs}，本页使用版本 {ours}。",
  versionRemedy: "Netarium 在实验室运行期间被更新。请结束实验室，重新启动，并打开它打印的地址。",
  busy: "查看该引擎的页面已达上限。",
  busyRemedy: "请关闭其中一个，然后重试。",
  changed: "应答的引擎与之前不同：网络已从头开始。",
  tabs: { one: "{count} 个页面", other: "{count} 个页面正在查看此网络；任一页面的操作对所有页面可见" },
  alone: "在本标签页中运行",
  ended: "引擎已结束：{why}。",
  endedRemedy: "其中运行的一切都已丢失：时间、连接和保留的数据包。请启动另一个引擎：网络会按其文件从头开始。",
  endedAgain: "启动另一个引擎",
};

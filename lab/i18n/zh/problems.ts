import type { problems as english } from "../en/problems.ts";
import type { Translation } from "../text.ts";

export const problems: Translation<typeof english> = {
  "port-in-use": "{address} 的端口 {port} 已被另一个程序占用",
  "port-not-allowed": "当前用户无权打开 {address} 的端口 {port}",
  "no-outside": "此处没有外部可以进来",
  disconnected: "目前无法连接引擎",
  "not-ahead": "时间已经过了这一刻",
  replaying: "正在回退：请等待，或中断它",
  interrupted: "回退已中断：一切保持原样",
  "not-reached": "网络还没有运行到这一刻",
  "not-kept": "到那时为止从外部进来的数据太多，未能全部保留，因此无法重放",
  "no-branch": "该分支已不再保留",
  speed: "速度须在 {slowest} 到 {fastest} 之间，或尽可能快",
  livelock: "设备无休止地发送，时间停滞：{owners}。请检查线缆是否成环，并回到此前的时刻",
  "engine-failed": "Netarium 出错：{why}。已发生的一切仍可查看；回到更早的时刻即可继续",
  "request-failed": "Netarium 未能完成此操作：{why}",
  "too-many-requests": "同时发出的请求过多",
  "too-many-views": "已打开 {limit} 个列表：请先关闭一个",
  "no-vantage": "没有这样的设备或接口",
  "no-view": "该列表已关闭",
  "no-export": "该文件已不再写入：请重新开始",
  "packet-gone": "该数据包已不再保留，或尚未处理到",
  "no-conversation": "该数据包不属于任何会话",
  "no-request": "该数据包中没有结束的 HTTP 请求",
  "terminal-refused": "无法在 {host} 上打开终端：它不是主机，或打开的终端过多",
  "no-terminal": "该终端已关闭，或其中等待的输入过多",
};

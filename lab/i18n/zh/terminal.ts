import type { terminal as english } from "../en/terminal.ts";
import type { Translation } from "../text.ts";

export const terminal: Translation<typeof english> = {
  open: "在 {host} 上打开终端",
  openOn: "打开终端的主机",
  openOne: "新建终端",
  close: "关闭终端",
  list: "终端列表",
  on: "{host} 上的终端",
  leave: "按 Shift+Tab 离开终端",
  screenReader: "终端的屏幕阅读器模式",
  screenReaderShort: "屏幕阅读器",
  focus: "在终端中输入",
  emptyTitle: "没有打开的终端",
  empty: "终端是主机上的 shell，可使用 ping、nc、curl、dig、traceroute 等命令；输入 help 查看全部。",
  noHosts: "该网络中没有可以打开终端的主机。",
  paused: "时间已暂停：输入的内容将在时间继续后生效。",
  failed: "无法完成：{why}",
  keys: "小键盘上没有的按键",
  keyInterrupt: "中断（Ctrl-C）",
  keyTab: "补全（Tab）",
  keyUp: "上一行",
  keyDown: "下一行",
};

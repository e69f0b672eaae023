import type { firstRun as english } from "../en/first-run.ts";
import type { Translation } from "../text.ts";

export const firstRun: Translation<typeof english> = {
  title: "入门：看看你自己的三次握手",
  dismiss: "收起",
  stepDone: "（已完成）",
  open: "向这个网络打开一个连接",
  openHow: "把它粘贴到你电脑的终端里。连接会从这里进入，再到达 {to}。",
  tools: "工具",
  copy: "复制",
  copied: "已复制",
  noTool: "没有工具？使用 {host} 的终端",
  openTerminal: "打开 {host} 的终端",
  shut: "门“{door}”没有打开：{why}",
  watch: "看它到达",
  watchHow: "它从 {host} 进入。只显示你这个连接的数据包。",
  watchDo: "显示它的数据包",
  draw: "看三次握手",
  drawHow: "这是它最先的几个数据包。把它们画成主机之间的时序图。",
  drawDo: "画出时序图",
  drawn: "SYN：可以吗？SYN-ACK：可以，我也可以吗？ACK：可以。之后数据才开始传输。",
  done: "这就是你自己连接的三次握手。",
  doneNext: "试试慢动作，或点击任意数据包。以后可以在“帮助”里再次找到这些步骤。",
  openInside: "外部无法进入浏览器，因此由 {host} 代替你：请在它的终端中输入这条命令。",
};

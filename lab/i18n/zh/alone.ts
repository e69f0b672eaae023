import type { alone as english } from "../en/alone.ts";
import type { Translation } from "../text.ts";

export const alone: Translation<typeof english> = {
  here: "本实验室只在此标签页中运行，没有服务器。",
  shut: "有 {count} 扇通往外部的门关着。",
  waits: "网络正在等待：其中的程序需要只有 Node 才有的功能。可以不带它运行，或到 Node 中运行。",
  more: "这里缺少什么",
  title: "本实验室在浏览器中做不到的事",
  intro: "虚拟主机和线缆上发生的一切，在这里与别处完全相同。只有以下内容需要你电脑上的程序 Node：",
  nothing: "这个网络不需要这里缺少的任何东西。",
  always: "这里永远没有：通往真实程序的发布端口、隧道和帧流，TLS，以及直接在 Node 中运行的程序。",
  how: "如需这些，请把网络保存为文件，在你的电脑上打开实验室（需要 Node 20 或更新版本）：",
  tab: "网络就在这个标签页里。关闭或重新加载标签页，它就会按文件从头开始：时间、连接和保留的数据包都会消失。",
  save: "保存网络文件",
  begunAnew: "页面已重新加载，网络也随之从头开始：之前的进展已消失。网络文件已保留。",
};

import type { log as english } from "../en/log.ts";
import type { Translation } from "../text.ts";

export const log: Translation<typeof english> = {
  filter: "显示范围",
  all: "全部设备",
  search: "在日志中查找",
  lines: { one: "{count} 行", other: "{count} 行" },
  emptyTitle: "还没有日志",
  empty: "主机上的程序写出的日志会显示在这里，并附有虚拟时间。",
  none: "没有符合条件的行。",
  dropped: "{time} 之前的日志不再保留。",
  follow: "跟随最新",
  lookAt: "查看 {time} 时的网络",
  list: "日志行",
};

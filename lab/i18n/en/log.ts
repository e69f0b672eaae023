export const log = {
  filter: "Lines of",
  all: "All devices",
  search: "Find in the log",
  lines: { one: "{count} line", other: "{count} lines" },
  emptyTitle: "No line yet",
  empty: "What programs on hosts log is shown here, with its virtual time.",
  none: "No line fits.",
  dropped: "Older lines than {time} are no longer kept.",
  follow: "Follow the newest",
  lookAt: "Look at {time}",
  list: "Log lines",
} as const;

/** All of a shell, for those who open terminals; where it has to come later a build puts another module in the place of this one. */
export { COMMANDS } from "./commands.ts";
export { Shell } from "./shell.ts";

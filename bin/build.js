// `npm run build`: ES modules and their types into dist/, and the lab's page, from nothing, so that no file of yesterday is
// published.
import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
rmSync(join(root, "dist"), { recursive: true, force: true });
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const built = spawnSync(process.execPath, [compiler, "--build", join(root, "cli")], { cwd: root, stdio: "inherit" });
// What runs under Python is no module of ours.
const worker = join("src", "platform", "node", "gateway", "wsgi.py");
if (built.status === 0) copyFileSync(join(root, worker), join(root, "dist", worker));
if (built.status !== 0) process.exit(built.status ?? 1);
const page = spawnSync(process.execPath, ["--conditions=netarium:source", join(root, "lab", "build.ts")], {
  stdio: "inherit",
});
process.exit(page.status ?? 1);

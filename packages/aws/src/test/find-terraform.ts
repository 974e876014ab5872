import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/**
 * The Terraform that set-up found, else the one on the PATH.
 *
 * @throws {Error} when there is none: a test that needs it must not pass without it
 */
export function findTerraform(): string {
  const record = resolve(import.meta.dirname, "../../../../.slipway/setup.json");
  if (existsSync(record)) {
    const { terraform }: { terraform?: { path: string } } = JSON.parse(readFileSync(record, "utf8"));
    if (terraform !== undefined && existsSync(terraform.path)) {
      return terraform.path;
    }
  }
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    try {
      accessSync(join(folder, "terraform"), constants.X_OK);
      return join(folder, "terraform");
    } catch {
      // Not in this one.
    }
  }
  throw new Error("no terraform on this machine: npm run setup");
}

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { EnvironmentConfig } from "@slipway/contracts";
import { ReleaseError } from "@slipway/release-engine";
import { type HandlerFault, plantingProgram } from "./faulty-handler.ts";

const PROGRAM = "game-day-plant.mjs";

/** The files of a release that a game day makes. */
export interface ReleaseFiles {
  /** Absolute path of the folder with slipway.config.ts: a worktree of the game day's own. */
  readonly directory: string;
  readonly environment: EnvironmentConfig;
}

/**
 * Changes the files so that their build makes a faulty function. What was built is put behind a handler of the game day's; its sources stay
 * as they are.
 *
 * @throws {ReleaseError} where it is not built by an npm script: then nobody knows where to come after it
 */
export function plantInBuild({ directory, environment }: ReleaseFiles, fault: HandlerFault): void {
  const [first] = environment.functions;
  const { build = [], directory: own = "", artifact = "", name = "" } = first ?? {};
  const manifest = join(directory, own, "package.json");
  const [npm, run, script = ""] = build;
  if (npm !== "npm" || run !== "run" || !existsSync(manifest)) {
    throw new ReleaseError({
      ...{ kind: "usage", what: `The function ${name} is not built by an npm script` },
      why: `its build is ${build.join(" ")}, and a game day with a bad release comes after npm run NAME`,
      next: "choose a game day without a bad release: slipway gameday list",
    });
  }
  const { scripts, ...rest } = JSON.parse(readFileSync(manifest, "utf8")) as { scripts?: Record<string, string> };
  const before = (scripts?.[script] ?? "").split(` && cd ${relative(own, artifact)} && node `)[0] ?? "";
  const program = join(relative(join(directory, artifact), join(directory, own)), PROGRAM);
  const planted = { ...scripts, [script]: `${before} && cd ${relative(own, artifact)} && node ${program}` };
  writeFileSync(manifest, `${JSON.stringify({ ...rest, scripts: planted }, undefined, 2)}\n`);
  writeFileSync(join(directory, own, PROGRAM), plantingProgram(fault));
}

/** How the throttling of an API is spelled in Terraform. */
const LIMIT = /^(?<before>\s*throttling_(?<which>rate|burst)_limit\s*=\s*)(?<value>\S.*)$/gm;

/** What a game day makes of an environment's Terraform: an API that lets hardly anybody through, or one that lets one more through at once. */
export type InfrastructureFault = "bad-infrastructure" | "harmless-infrastructure";

/**
 * Changes the environment's Terraform.
 *
 * @throws {ReleaseError} where it sets no throttling
 */
export function plantInInfrastructure({ directory, environment }: ReleaseFiles, fault: InfrastructureFault): void {
  const plant = (line: string, before: string, which: string, value: string) => {
    if (fault === "bad-infrastructure") {
      return `${before}1`;
    }
    return which === "burst" ? `${before}(${value}) + 1` : line;
  };
  const folder = environment.terraform.directory;
  let changed = 0;
  for (const name of readdirSync(join(directory, folder)).filter((each) => each.endsWith(".tf"))) {
    const file = join(directory, folder, name);
    const text = readFileSync(file, "utf8");
    const planted = text.replace(LIMIT, plant);
    if (planted !== text) {
      writeFileSync(file, planted);
      changed += 1;
    }
  }
  if (changed === 0) {
    throw new ReleaseError({
      ...{ kind: "usage", what: `No Terraform file in ${folder} sets a throttling` },
      why: "there is no line throttling_rate_limit = N that could be set badly",
      next: "choose another game day: slipway gameday list",
    });
  }
}

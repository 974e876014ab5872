import { resolve } from "node:path";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";

interface InitOptions {
  readonly print?: boolean;
  readonly force?: boolean;
  readonly output?: "text" | "json";
}

/** `slipway init`: a configuration for a repository that has none, and what it lacks. */
export const init: Command = {
  name: "init",
  summary: "write a slipway.config.ts for a repository, and say what it lacks; exit code 0 written or shown, 1 not",
  arguments: [{ name: "[directory]", description: "the repository (default: the working folder)" }],
  options: [
    { flags: "--print", description: "show the configuration, and write nothing" },
    { flags: "--force", description: "write over a configuration that is there" },
    { ...OUTPUT_OPTION, description: "text, or one JSON document on stdout, which writes nothing" },
  ],
  json: { documents: ["adoption-report"] },
  examples: ["slipway init", "slipway init ../orders --print", "slipway init --output json"],
  async run(
    { print, force, output }: InitOptions,
    io: CommandIo,
    [directory = "."]: readonly string[],
  ): Promise<number> {
    const [{ adopt, hasConfig }, { renderAdoption }] = await Promise.all([
      import("../init/adopt.ts"),
      import("../init/render-adoption.ts"),
    ]);
    const repository = resolve(io.cwd, directory);
    const isShown = print === true || output === "json";
    const isReplaced =
      force === true ||
      (!isShown &&
        hasConfig(repository) &&
        (await io.ask?.("There is a slipway.config.ts already. Write over it? [y/N] ")) === "y");
    const report = await adopt(repository, { env: io.env, mode: isShown ? "show" : isReplaced ? "replace" : "write" });
    if (output === "json") {
      io.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
    } else if (print === true) {
      io.stdout.write(report.config);
      io.stderr.write(`\n${renderAdoption(report, io.columns)}`);
    } else {
      io.stdout.write(renderAdoption(report, io.columns));
    }
    return report.outcome === "kept" ? 1 : 0;
  },
};

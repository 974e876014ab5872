import type { Command, CommandIo } from "../command.ts";
import { UserError } from "../user-error.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** `slipway completion`: a script with which a shell completes what is typed after `slipway`. */
export const completion: Command = {
  name: "completion",
  summary: "print a script with which a shell completes commands, options, choices and environments",
  arguments: [{ name: "[shell]", description: "whose script", choices: SHELLS }],
  options: [
    {
      flags: "--environments",
      description: "print the environments of slipway.config.ts instead, one a line: the script asks for them",
    },
  ],
  examples: [
    "slipway completion bash > ~/.local/share/bash-completion/completions/slipway",
    "source <(slipway completion zsh)",
    "slipway completion fish > ~/.config/fish/completions/slipway.fish",
  ],
  async run(
    { environments = false }: { readonly environments?: boolean },
    io: CommandIo,
    [shell]: readonly string[],
  ): Promise<number> {
    if (environments) {
      const { loadConfiguration } = await import("../environment-config.ts");
      const { config } = await loadConfiguration(io.cwd);
      io.stdout.write(`${Object.keys(config.environments).join("\n")}\n`);
      return 0;
    }
    if (shell === undefined) {
      throw new UserError(`shell: is missing. Say whose script: ${SHELLS.join(", ")}.`);
    }
    const [{ commands }, { groups }, { bashCompletion }, { fishCompletion }] = await Promise.all([
      import("../commands.ts"),
      import("../command-groups.ts"),
      import("../completion/bash-completion.ts"),
      import("../completion/fish-completion.ts"),
    ]);
    io.stdout.write(
      shell === "fish" ? fishCompletion(commands, groups) : bashCompletion(commands, shell === "zsh" ? "zsh" : "bash"),
    );
    return 0;
  },
};

import type { Command } from "../src/command.ts";
import { OUTPUT_OPTION } from "../src/command.ts";
import { TARGET_OPTIONS } from "../src/target/target-aws.ts";

const environment = { name: "<environment>", description: "as in slipway.config.ts" };
const incident = { name: "<incident>", description: "such as i3" };

function coming(
  name: string,
  args: NonNullable<Command["arguments"]>,
  ...flags: readonly { readonly flags: string; readonly description: string }[]
): Command {
  const options = [...flags, ...TARGET_OPTIONS, OUTPUT_OPTION];
  return { name, summary: "", arguments: args, options, run: async () => 1 };
}

/**
 * Commands that documents name and that are being built. A test fails as soon as one is in the table of commands: then it is taken out here,
 * and what the documents say of it is read by its own declaration.
 */
export const comingCommands: readonly Command[] = [
  coming("incident investigate", [environment, incident]),
  coming("incident mitigate", [environment, incident], { flags: "--rollback", description: "" }),
];

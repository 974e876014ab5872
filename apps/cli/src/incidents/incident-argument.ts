import type { CommandArgument } from "../command.ts";

/** The incident that a command is about. */
export const INCIDENT_ARGUMENT: CommandArgument = {
  name: "[incident]",
  description: "such as i3; can be left out where exactly one is open",
};

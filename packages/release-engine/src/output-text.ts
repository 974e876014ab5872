import { ReleaseError } from "./release-error.ts";
import { Sensitive } from "./sensitive.ts";

/**
 * Reads one output that must be a text, such as a bucket's name.
 *
 * @param configKey the key of slipway.config.ts that names the output, for the message
 * @throws {ReleaseError} when there is no such output, or it is no text
 */
export function outputText(outputs: Readonly<Record<string, unknown>>, name: string, configKey: string): string {
  const output = outputs[name];
  const value = output instanceof Sensitive ? output.reveal() : output;
  if (typeof value === "string" && value !== "") {
    return value;
  }
  const names = Object.keys(outputs).sort().join(", ");
  throw new ReleaseError({
    kind: "usage",
    what: value === undefined ? `There is no Terraform output ${name}` : `The Terraform output ${name} is no text`,
    why: `${configKey} in slipway.config.ts names it; there is ${names === "" ? "no output at all" : names}`,
    next: `correct ${configKey}, or declare the output`,
  });
}

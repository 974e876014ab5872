import * as z from "zod";

/** A release's name within its environment: `r12` is the twelfth. */
export const releaseIdSchema = z
  .string()
  .regex(/^r[1-9]\d*$/, { error: "expected a release such as r12" })
  .describe("A release, by its name in its environment: `r12` is the twelfth.");

export const sha256HexSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: "expected 64 lower-case hexadecimal digits" });

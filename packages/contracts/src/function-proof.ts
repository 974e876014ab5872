import * as z from "zod";
import { jsonSchema } from "./json.ts";
import { strictObject } from "./strict-object.ts";

/** One call of a function, and what must come back. */
const invocationSchema = strictObject({
  name: z
    .string()
    .min(1)
    .describe("What it shows, as it is printed.")
    .meta({ examples: ["a stranger is not let in"] }),
  payload: jsonSchema
    .describe("The event.")
    .meta({ examples: [{ type: "TOKEN", methodArn: "arn:aws:execute-api:..." }] }),
  expect: z
    .union(
      [
        strictObject({
          jsonSubset: jsonSchema
            .describe(
              "Every key must be there with this value; every element of a list must be found in the answer's list, in any order.",
            )
            .meta({ examples: [{ statusCode: 200 }] }),
          withinMs: z
            .int()
            .positive()
            .max(900_000)
            .optional()
            .describe("How long it may take, in milliseconds.")
            .meta({ examples: [2000] }),
        }),
        strictObject({
          error: z
            .string()
            .min(1)
            .describe(
              "The message of the error that it must answer with: an authorizer says `Unauthorized` to who must not come in.",
            )
            .meta({ examples: ["Unauthorized"] }),
          withinMs: z.int().positive().max(900_000).optional().describe("How long it may take, in milliseconds."),
        }),
      ],
      { error: "expected { jsonSubset } or { error: MESSAGE }" },
    )
    .describe("What must come back: an answer, or an error."),
});

/**
 * How a new version of a function is proven before it has any traffic. `smoke`: by the environment's smoke scenario, past the gateway,
 * for the function that the API leads to. `invocations`: by calls of its own, for one that something else calls.
 *
 * @example
 * proof: { invocations: [{ name: "a stranger is not let in", payload: { type: "TOKEN" }, expect: { error: "Unauthorized" } }] }
 */
export const functionProofSchema = z.union(
  [
    z.literal("smoke"),
    strictObject({
      invocations: z.array(invocationSchema).min(1).describe("Calls of the new version, one after the other."),
    }),
  ],
  { error: 'expected "smoke" or { invocations: [...] }' },
);

export type FunctionProof = z.output<typeof functionProofSchema>;
export type ProofInvocation = z.output<typeof invocationSchema>;

import * as z from "zod";
import { jsonSchema } from "./json.ts";
import { placeholdersIn } from "./placeholders.ts";
import { strictObject } from "./strict-object.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

const httpStatus = z
  .int({ error: "expected an HTTP status, 100 to 599" })
  .min(100, { error: "expected an HTTP status, 100 to 599" })
  .max(599, { error: "expected an HTTP status, 100 to 599" });

const path = z
  .string()
  .startsWith("/", { error: "expected a path that begins with / and is appended to the API's URL" });

const captureSchema = z.union(
  [
    strictObject({
      json: z
        .string()
        .regex(/^(\/.*)?$/, { error: 'expected a JSON pointer such as "/id" (RFC 6901)' })
        .describe("From the body, by JSON pointer.")
        .meta({ examples: ["/id"] }),
    }),
    strictObject({
      header: z
        .string()
        .min(1)
        .describe("From this header of the answer.")
        .meta({ examples: ["ETag"] }),
    }),
  ],
  { error: 'expected { json: "/pointer" } or { header: "name" }' },
);

/** The two ways to ask an API: as everybody does, or past the gateway and the alias, one version of the function. */
export const throughSchema = z.enum(["gateway", "version"], { error: "expected gateway or version" });

const stepSchema = strictObject({
  name: z.string().min(1).describe("What the step shows, as it is printed."),
  method: z.enum(methods, { error: `expected one of ${methods.join(", ")}` }).describe("The request's method."),
  path: path.describe("Appended to the API's URL; `{name}` stands for a captured value, percent-encoded."),
  through: throughSchema
    .optional()
    .describe(
      "Which way it is asked only. `gateway`: what the gateway answers by itself, such as request validation or a missing token, is left out where a version of the function is asked directly. `version`: what the gateway would not let in is asked of a version only. Both ways, unless given.",
    ),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .describe("The request's headers; placeholders stand for captured values."),
  body: jsonSchema
    .optional()
    .describe("Sent as JSON. A string that is nothing but a placeholder becomes the captured value with its type.")
    .meta({ examples: [{ name: "Milk jug" }] }),
  expect: strictObject({
    status: z
      .union([httpStatus, z.array(httpStatus).min(1)], {
        error: "expected an HTTP status, or a list of them",
      })
      .describe("The status, or a list of those that will do."),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .describe("Exact values; names in any case.")
      .meta({ examples: [{ "Content-Type": "application/json" }] }),
    withinMs: z
      .int()
      .positive()
      .max(60_000)
      .optional()
      .describe("How long the answer may take, in milliseconds; of a step that is asked again, each answer."),
    jsonSubset: jsonSchema
      .optional()
      .describe(
        "Every key must be there with this value; every element of a list must be found in the answer's list, in any order.",
      ),
  }).describe("What must come back."),
  capture: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, { error: "expected a name of letters, digits and _" }),
      captureSchema,
    )
    .optional()
    .describe("Values for later steps: from the body by JSON pointer, or from a header."),
  eventuallyWithinSeconds: z
    .number()
    .positive()
    .max(60)
    .optional()
    .describe(
      "For a GET of something that follows with a delay (an eventually consistent index): asks again while `jsonSubset` does not match, for at most so many seconds. A wrong status or header fails at once.",
    ),
}).superRefine((step, context) => {
  if (step.eventuallyWithinSeconds !== undefined && step.method !== "GET") {
    context.addIssue({
      code: "custom",
      path: ["eventuallyWithinSeconds"],
      message: `is for GET only: a ${step.method} must not be repeated`,
    });
  }
  if (step.body !== undefined && (step.method === "GET" || step.method === "HEAD")) {
    context.addIssue({ code: "custom", path: ["body"], message: `a ${step.method} request has no body` });
  }
});

/**
 * What a release is judged by from outside: named HTTP requests in order, and what must come back. Nothing in it knows
 * what the API is about.
 *
 * `{runId}` is there from the start: random letters, new for each run. Other placeholders must have been captured by an
 * earlier step.
 */
export const smokeScenarioSchema = strictObject({
  ready: strictObject({
    path: path.describe("What is asked for."),
    withinSeconds: z.number().positive().max(300).describe("How long it may take."),
  })
    .optional()
    .describe(
      "The API may take a moment to answer after it was changed: asked until it answers 200, before the first step.",
    ),
  timeoutSeconds: z
    .number()
    .positive()
    .max(60)
    .default(30)
    .describe("For each request. API Gateway itself gives up after 29 s."),
  steps: z
    .array(stepSchema)
    .min(1)
    .describe("The requests, in order. A request is sent once: only `ready` and `eventuallyWithinSeconds` ask again."),
  cleanup: z
    .array(stepSchema)
    .default([])
    .describe(
      "Run always, last, whatever failed; a step whose placeholders were never captured has nothing to clean up.",
    ),
  authorizer: z
    .record(z.string().min(1), jsonSchema)
    .optional()
    .describe(
      "What the gateway's authorizer says of who asks, as the function finds it in `requestContext.authorizer`: for requests past the gateway, where no authorizer is asked.",
    )
    .meta({ examples: [{ principalId: "smoke" }] }),
}).superRefine((scenario, context) => {
  // A value that was captured one way is not there the other way.
  const known = { gateway: new Set(["runId"]), version: new Set(["runId"]) };
  for (const [group, steps] of Object.entries({ steps: scenario.steps, cleanup: scenario.cleanup })) {
    for (const [index, { capture, through, ...texts }] of steps.entries()) {
      const ways = through === undefined ? (["gateway", "version"] as const) : [through];
      for (const [field, text] of Object.entries(texts)) {
        for (const name of placeholdersIn(text)) {
          const missing = ways.find((way) => !known[way].has(name));
          if (missing !== undefined) {
            const where =
              ways.length === 1 || ways.every((way) => !known[way].has(name)) ? "" : ` through: "${missing}"`;
            context.addIssue({
              code: "custom",
              path: [group, index, field],
              message: `{${name}} is captured by no step before this one${where}; known here: ${[...known[missing]].join(", ")}`,
            });
          }
        }
      }
      for (const name of Object.keys(capture ?? {})) {
        for (const way of ways) {
          known[way].add(name);
        }
      }
    }
  }
});

/** A scenario as it is written, with its defaults left out. */
export type SmokeScenarioInput = z.input<typeof smokeScenarioSchema>;
export type SmokeScenario = z.output<typeof smokeScenarioSchema>;
export type SmokeStep = z.output<typeof stepSchema>;
export type SmokeThrough = z.output<typeof throughSchema>;

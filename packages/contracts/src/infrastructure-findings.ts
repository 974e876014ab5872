import * as z from "zod";
import { evidenceSchema } from "./evidence.ts";
import { strictObject } from "./strict-object.ts";

/** Every finding that there is, by what it is about. */
export const infrastructureFindingIds = [
  // What a plan would do to what is there.
  "plan.delete-stateful",
  "plan.replace-stateful",
  "plan.forget-stateful",
  "plan.alias-moved",
  "plan.code-replaced",
  "plan.iam-widened",
  "plan.backend-changed",
  "plan.provider-changed",
  "plan.incomplete",
  // What would be open to the world.
  "exposure.public-access-block",
  "exposure.bucket-acl",
  "exposure.function-permission",
  "exposure.function-url",
  "exposure.unauthenticated-api",
  "exposure.payloads-logged",
  // Settings that production needs.
  "settings.deletion-protection",
  "settings.point-in-time-recovery",
  "settings.encryption",
  "settings.key-rotation",
  "settings.versioning",
  "settings.tls-only",
  "settings.force-destroy",
  "settings.retention",
  "settings.access-logs",
  "settings.throttling",
  "tags.required",
  // What policies say.
  "iam.unreadable",
  "iam.policy-version",
  "iam.missing-sid",
  "iam.deny-without-reason",
  "iam.wildcard-action",
  "iam.wildcard-resource",
  "iam.inverted",
  "iam.public-principal",
  "iam.trusts-account",
  "iam.service-without-source",
  "iam.pass-role",
  "iam.escalation",
  "iam.managed-policy",
  "iam.web-identity-audience",
  "iam.web-identity-subject",
  // What the configuration accepts.
  "policy.unused-acceptance",
  // What a release changes of the rules that it goes by itself.
  "policy.loosened",
] as const;

export const findingSeverities = ["high", "medium", "low"] as const;

const findingIdSchema = z.enum(infrastructureFindingIds, {
  error: `expected the id of a finding: one of ${infrastructureFindingIds.join(", ")}`,
});

/** Something about the infrastructure that should be otherwise, or of which nobody knows whether it is as it should be. */
export const infrastructureFindingSchema = strictObject({
  id: findingIdSchema.describe("Which finding it is."),
  severity: z.enum(findingSeverities).describe("How much it matters."),
  status: z
    .enum(["fail", "unknown", "waived"])
    .describe("`unknown`: what decides is known only after an apply. `waived`: accepted in slipway.config.ts."),
  root: z
    .string()
    .optional()
    .describe("Root module, as a path below the infrastructure folder, such as `environments/prod`."),
  address: z.string().min(1).describe("Terraform's address of the resource, or the file that it is in."),
  attribute: z.string().optional().describe("The argument that it is about."),
  statement: z
    .string()
    .optional()
    .describe(
      "Sid of the policy's statement, or its place (`#1` is the first) where it has none; of an API's body, the operation (`GET /items`).",
    ),
  reason: z.string().min(1).describe("What is wrong, and what follows from it: one sentence."),
  next: z.string().min(1).describe("What to do."),
  accepted: strictObject({
    reason: z.string().min(1).describe("Why."),
    expires: z.iso.date().optional().describe("The last day on which it may stay (UTC); for good where it is absent."),
  })
    .optional()
    .describe("Why it may stay, where it is waived."),
});

export type InfrastructureFinding = z.output<typeof infrastructureFindingSchema>;
export type FindingSeverity = (typeof findingSeverities)[number];

/** What Terraform says about one folder of HCL. */
const folderStatus = z.enum(["ok", "failed", "not run"]);

/** What `validate:infrastructure --output json` prints. */
export const infrastructureReportSchema = strictObject({
  verdict: z
    .enum(["pass", "fail", "unknown"])
    .describe("`fail`: something is wrong. `unknown`: nothing is known to be wrong, but not all could be looked at."),
  terraform: z.string().describe("Version of Terraform."),
  folders: z.array(
    strictObject({
      folder: z.string(),
      format: folderStatus,
      init: folderStatus,
      validate: folderStatus,
      tests: folderStatus,
      messages: z.array(z.string()),
      durationMs: z.number(),
    }),
  ),
  evidence: z.array(evidenceSchema).describe("One for each check of each folder and root module."),
  findings: z.array(infrastructureFindingSchema),
});

export type InfrastructureReport = z.output<typeof infrastructureReportSchema>;

const acceptedFindingSchema = strictObject({
  finding: findingIdSchema.describe("The finding's id, as `npm run validate:infrastructure` and plans print it."),
  address: z.string().min(1).describe("Terraform's address or the file, with `*` for any text."),
  root: z
    .string()
    .min(1)
    .optional()
    .describe("In this root module only, with `*` for any text, such as `environments/*`."),
  statement: z
    .string()
    .min(1)
    .optional()
    .describe("In the policy's statement with this Sid, or the body's operation (`GET /items`), only."),
  reason: z
    .string()
    .trim()
    .min(1, { error: "expected why the finding may stay" })
    .describe("Why it may stay.")
    .meta({ examples: ["anybody may ask whether it is well"] }),
  expires: z.iso
    .date({ error: "expected a day such as 2027-01-31" })
    .optional()
    .describe("The last day on which it may (UTC); for good where left out.")
    .meta({ examples: ["2027-01-31"] }),
}).refine(({ address, statement }) => !/^\*+$/.test(address) || statement !== undefined, {
  path: ["address"],
  error: "expected a part of an address beside the *: an acceptance of everything would hide every finding",
});

/**
 * The key `infrastructurePolicy` of slipway.config.ts: what is demanded of the infrastructure, and what is known and may stay.
 *
 * @example
 * infrastructurePolicy: {
 *   requiredTags: ["Project", "Environment"],
 *   accepted: [
 *     {
 *       finding: "exposure.unauthenticated-api",
 *       address: "module.api.aws_api_gateway_rest_api.this",
 *       statement: "GET /catalogue",
 *       reason: "the catalogue is public",
 *       expires: "2027-01-31",
 *     },
 *   ],
 * }
 */
export const infrastructurePolicySchema = strictObject({
  requiredTags: z.array(z.string().min(1)).default([]).describe("Tags that everything must have that can have tags."),
  accepted: z
    .array(acceptedFindingSchema)
    .default([])
    .describe("Findings that somebody answers for; one that no longer hits is a finding itself."),
  next: z
    .partialRecord(findingIdSchema, z.string().trim().min(1))
    .default({})
    .describe("What to do about a finding in this repository, by its id, where that is more than the general advice."),
});

export type InfrastructurePolicy = z.output<typeof infrastructurePolicySchema>;
export type AcceptedFinding = z.output<typeof acceptedFindingSchema>;

import * as z from "zod";
import { resourceTypeSchema, resourceTypes } from "./resource-types.ts";
import { strictObject } from "./strict-object.ts";

const ownershipRuleSchema = strictObject({
  type: z
    .union([resourceTypeSchema, z.array(resourceTypeSchema).min(1)], {
      error: `expected one of ${resourceTypes.join(", ")}, or a list of them`,
    })
    .optional()
    .describe("Of which type; any type when left out."),
  name: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The whole name, or the whole ARN where it begins with `arn:`, with `*` for any text; or an id as it is.",
    ),
  tag: strictObject({
    key: z
      .string()
      .min(1)
      .describe("The tag's name.")
      .meta({ examples: ["Owner"] }),
    value: z
      .string()
      .optional()
      .describe("The tag's value.")
      .meta({ examples: ["data-team"] }),
  })
    .optional()
    .describe("A tag that it has; any value when none is given, `*` in it stands for any text."),
  reason: z
    .string()
    .trim()
    .min(1, { error: "expected who owns it, and why no state has it" })
    .describe("Who owns it, and why no Terraform state has it."),
  expires: z.iso
    .date({ error: "expected a day such as 2027-01-31" })
    .optional()
    .describe("The last day on which the rule holds: what it covered is an orphan from the next day on (UTC).")
    .meta({ examples: ["2027-01-31"] }),
}).refine(
  ({ type, name, tag }) => tag !== undefined || (name !== undefined && (type !== undefined || !/^\*+$/.test(name))),
  {
    error:
      "expected a name (with a type where it is * alone) or a tag: a rule that owns everything would hide every orphan",
  },
);

/**
 * The key `orphans` of slipway.config.ts: what belongs to somebody although no Terraform state has it.
 *
 * @example
 * orphans: {
 *   rules: [
 *     { type: "iam-role", name: "AWSReservedSSO_*", reason: "made by IAM Identity Center" },
 *     { tag: { key: "Owner", value: "data-team" }, reason: "the data team keeps its own stack", expires: "2027-01-31" },
 *   ],
 * }
 */
export const orphansConfigSchema = strictObject({
  rules: z.array(ownershipRuleSchema).default([]).describe("One for each owner."),
});

export type OwnershipRule = z.output<typeof ownershipRuleSchema>;

import * as z from "zod";
import { strictObject } from "../strict-object.ts";

export const approvalConfigSchema = strictObject({
  infrastructure: z
    .int()
    .nonnegative()
    .max(10)
    .default(0)
    .describe("How many people other than the author have to approve a plan that changes infrastructure."),
  signers: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A file of allowed signers in the repository (`ssh-keygen(1)`, ALLOWED SIGNERS). Where it is given, only approvals count that one of them has signed, as approvals and as code reviews. Restrict it with `namespaces="slipway-approval"`, and add `slipway-break-glass` for who may sign the journal of a rollback without the ledger.',
    )
    .meta({ examples: [".github/allowed_signers"] }),
});

export type ApprovalConfig = z.output<typeof approvalConfigSchema>;

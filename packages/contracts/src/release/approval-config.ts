import * as z from "zod";
import { strictObject } from "../strict-object.ts";

export const approvalConfigSchema = strictObject({
  /** How many people other than the author have to approve a plan that changes infrastructure. */
  infrastructure: z.int().nonnegative().max(10).default(0),
  /**
   * A file of allowed signers in the repository (`ssh-keygen(1)`, ALLOWED SIGNERS). Where it is given, only approvals count that one of
   * them has signed.
   */
  signers: z.string().min(1).optional(),
});

export type ApprovalConfig = z.output<typeof approvalConfigSchema>;

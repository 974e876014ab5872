import { incidentIdSchema } from "../incident/incident-entries.ts";
import { incidentReportSchema } from "../incident/incident-report.ts";
import { proposalSchema } from "../incident/proposal.ts";
import { strictObject } from "../strict-object.ts";
import { documentPlace } from "./document-parts.ts";

/** What `slipway incident mitigate ENV --output json` prints. */
export const mitigationReportSchema = strictObject({
  ...documentPlace,
  incident: incidentIdSchema,
  proposal: proposalSchema.describe("what was to be done, and why"),
  action: incidentReportSchema.shape.actions.element
    .nullable()
    .describe("what was done, and what came of it; null where that is for people"),
});

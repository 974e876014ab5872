import type * as z from "zod";
import { adoptionReportSchema } from "../adoption-report.ts";
import { costReportSchema } from "../cost-report.ts";
import { drillReportSchema } from "../drill-report.ts";
import { incidentLookReportSchema } from "../incident/incident-look-report.ts";
import { incidentChangeSchema, incidentListSchema, incidentReportSchema } from "../incident/incident-report.ts";
import { incidentStatisticsSchema } from "../incident/incident-statistics.ts";
import { investigationSchema } from "../incident/investigation.ts";
import { postmortemSchema } from "../incident/postmortem.ts";
import { orphanReportSchema } from "../orphan-report.ts";
import { rehearsalReportSchema } from "../rehearsal-report.ts";
import { glassReportSchema } from "../release/break-glass.ts";
import { planSummarySchema } from "../release/plan-summary.ts";
import { releaseReportSchema } from "../release/release-report.ts";
import { validationReportSchema } from "../validation-report.ts";
import { alarmsReportSchema } from "./alarms-report.ts";
import { approvalReportSchema } from "./approval-report.ts";
import {
  backupCreationSchema,
  backupListSchema,
  backupPruningSchema,
  backupVerificationSchema,
} from "./backup-reports.ts";
import { bucketContentsSchema } from "./bucket-contents.ts";
import { checksReportSchema } from "./checks-report.ts";
import { dashboardsReportSchema } from "./dashboards-report.ts";
import { destructionReportSchema } from "./destruction-report.ts";
import { doctorReportSchema } from "./doctor-report.ts";
import { failureReportSchema } from "./failure-report.ts";
import { gameDayListSchema, gameDayReportsSchema } from "./game-days.ts";
import { insightsAnswerSchema } from "./insights-answer.ts";
import { ledgerVerificationSchema } from "./ledger-verification.ts";
import {
  alarmDrillsSchema,
  localAwsClockSchema,
  localAwsCoverageSchema,
  localAwsHealthSchema,
  localAwsRequestsSchema,
  localAwsResetSchema,
  localAwsStatusSchema,
  localAwsStopSchema,
  mintedTokenSchema,
  plantedFaultsSchema,
  snapshotChangeSchema,
  snapshotListSchema,
  trafficReportSchema,
  usedAccessSchema,
} from "./local-aws-documents.ts";
import { logEventSchema } from "./log-event.ts";
import { metricsReportSchema } from "./metrics-report.ts";
import { migrationReportSchema } from "./migration-report.ts";
import { mitigationReportSchema } from "./mitigation-report.ts";
import { noteReportSchema } from "./note-report.ts";
import { releaseHistorySchema } from "./release-history.ts";
import { releaseStorySchema } from "./release-story.ts";
import { savedQueriesSchema } from "./saved-queries.ts";
import { seedReportSchema } from "./seed-report.ts";
import { smokeReportSchema } from "./smoke-report.ts";
import { stateBackupSchema, stateListSchema, stateRestoreSchema } from "./state-reports.ts";
import { statusReportSchema } from "./status-report.ts";
import { undoPreviewSchema } from "./undo-preview.ts";
import { unlockReportSchema } from "./unlock-report.ts";

/** A document that a command prints with `--output json`. */
export interface PublishedDocument {
  /** Strict: a key that it does not name is a mistake. */
  readonly schema: z.ZodType;
  /** What it is, as a sentence without a full stop. */
  readonly about: string;
}

const one = (schema: z.ZodType, about: string): PublishedDocument => ({ schema, about });

/** Every document of the command line, by the name that its schema is published under: `docs/reference/schemas/NAME.json`. */
export const documents = {
  "release-report": one(releaseReportSchema, "What a release, a rollback or a look at its checkpoints came to"),
  "break-glass-report": one(glassReportSchema, "What a rollback did while the ledger could not be reached"),
  "undo-preview": one(undoPreviewSchema, "What an undo of bad writes would do"),
  "rehearsal-report": one(rehearsalReportSchema, "What a rehearsal on local AWS came to"),
  "status-report": one(statusReportSchema, "Where an environment stands"),
  "release-history": one(releaseHistorySchema, "The releases of an environment, and what was done beside them"),
  "release-story": one(releaseStorySchema, "Everything that the ledger tells of one release"),
  "note-report": one(noteReportSchema, "What was written down about a rollback"),
  "unlock-report": one(unlockReportSchema, "What became of a lease that was to be taken away"),
  "incident-look": one(incidentLookReportSchema, "What one look for incidents has found and done"),
  "incident-change": one(incidentChangeSchema, "How an incident is after something was written down about it"),
  "incident-list": one(incidentListSchema, "The incidents of an environment"),
  "incident-report": one(incidentReportSchema, "Everything that the ledger tells of an incident"),
  "incident-investigation": one(
    investigationSchema,
    "What changed before an incident, what fails, and what to do next",
  ),
  "incident-mitigation": one(mitigationReportSchema, "What was done about an incident"),
  "incident-postmortem": one(postmortemSchema, "Everything that a post-mortem is written from"),
  "incident-statistics": one(incidentStatisticsSchema, "How often there are incidents, and how long they take"),
  "ledger-verification": one(ledgerVerificationSchema, "Whether the history of an environment is what was written"),
  "backup-creation": one(backupCreationSchema, "Backups of tables that were made"),
  "backup-list": one(backupListSchema, "What the tables of an environment can be brought back from"),
  "backup-verification": one(backupVerificationSchema, "Whether backups can be relied on"),
  "backup-pruning": one(backupPruningSchema, "Which backups were, or would be, cleared away"),
  "state-list": one(stateListSchema, "What a Terraform state could be restored from"),
  "state-backup": one(stateBackupSchema, "The named copy of a Terraform state that was made"),
  "state-restore": one(stateRestoreSchema, "What became of the restore of a Terraform state"),
  "plan-summary": one(planSummarySchema, "What an apply of the infrastructure would do, and what was found in that"),
  "approval-report": one(approvalReportSchema, "A yes to a plan, and whether there are enough of them"),
  "checks-report": one(checksReportSchema, "How checks came out, and what each of them saw"),
  "window-validation": one(validationReportSchema, "How a release is in one of the guide's windows"),
  "drill-report": one(drillReportSchema, "Whether each way back leads back"),
  "game-day-list": one(gameDayListSchema, "The game days that there are"),
  "game-day-reports": one(gameDayReportsSchema, "How game days went"),
  "smoke-report": one(smokeReportSchema, "How a smoke test went"),
  "orphan-report": one(orphanReportSchema, "What exists in an account and belongs to no Terraform state"),
  "cost-report": one(costReportSchema, "What an environment costs in a month, reckoned from its observed use"),
  "metrics-report": one(metricsReportSchema, "The metrics of an environment"),
  "alarms-report": one(alarmsReportSchema, "The alarms of an environment"),
  "dashboards-report": one(dashboardsReportSchema, "Dashboards with the data that they show"),
  "log-event": one(logEventSchema, "An event of a log"),
  "insights-answer": one(insightsAnswerSchema, "What a query of Logs Insights came to"),
  "saved-queries": one(savedQueriesSchema, "The queries of Logs Insights that are saved for an environment"),
  "migration-report": one(migrationReportSchema, "The migrations of an environment's tables, and what became of them"),
  "seed-report": one(seedReportSchema, "Seed records that were put into tables"),
  "bucket-contents": one(bucketContentsSchema, "What was in an environment's buckets, and whether it is removed"),
  "destruction-report": one(destructionReportSchema, "What became of an environment that was to be destroyed"),
  "adoption-report": one(
    adoptionReportSchema,
    "What a repository has that can be released, its configuration, and what it lacks",
  ),
  "doctor-report": one(doctorReportSchema, "What Slipway needs on a machine, and what is there"),
  "local-aws-health": one(localAwsHealthSchema, "The local AWS that runs"),
  "local-aws-stop": one(localAwsStopSchema, "Whether a local AWS was stopped"),
  "local-aws-status": one(localAwsStatusSchema, "Whether a local AWS runs, and what it holds"),
  "local-aws-reset": one(localAwsResetSchema, "That the state of local AWS was thrown away"),
  "local-aws-snapshots": one(snapshotListSchema, "The snapshots of local AWS's state"),
  "local-aws-snapshot-change": one(snapshotChangeSchema, "A snapshot that was saved, restored or deleted"),
  "local-aws-coverage": one(localAwsCoverageSchema, "The operations that local AWS has, and those that it refuses"),
  "local-aws-faults": one(plantedFaultsSchema, "The faults that are planted in local AWS"),
  "local-aws-clock": one(localAwsClockSchema, "The time on local AWS"),
  "local-aws-traffic": one(trafficReportSchema, "Traffic that was sent to an environment on local AWS"),
  "local-aws-alarm-drills": one(alarmDrillsSchema, "Whether alarms go off, and come back"),
  "local-aws-requests": one(localAwsRequestsSchema, "The latest requests to local AWS"),
  "local-aws-token": one(mintedTokenSchema, "A token as GitHub Actions gives it to a job"),
  "local-aws-access": one(usedAccessSchema, "Which permissions were used on local AWS, and what gave them"),
  "failure-report": one(failureReportSchema, "Why a command failed before it had a document of its own"),
} as const satisfies Readonly<Record<string, PublishedDocument>>;

export type DocumentName = keyof typeof documents;

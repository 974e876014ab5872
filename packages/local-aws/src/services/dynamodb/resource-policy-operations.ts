import { AwsError } from "../../core/aws-error.ts";
import { type ControlOperations, type ControlPlane, checkCreated, invalid } from "./control-plane.ts";
import { checkTablePolicy } from "./resource-policy.ts";
import type { Table, TableRecord } from "./table.ts";
import { tableByArn } from "./table-by-arn.ts";

/** The revision that a request expects when it expects that there is no policy. */
const NO_POLICY = "NO_POLICY";

/**
 * PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy. On AWS a policy binds some seconds after the answer; here at once.
 * The check that somebody does not lock themselves out (`ConfirmRemoveSelfResourceAccess`) is not made.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
 */
export function resourcePolicyOperations(plane: ControlPlane): ControlOperations {
  return {
    PutResourcePolicy: ({ ResourceArn, Policy, ExpectedRevisionId }) => {
      const { name, record } = tableByArn(plane, ResourceArn);
      checkCreated(record);
      if (Policy === undefined || Policy === "") {
        throw invalid("The parameter 'Policy' is required but was not present in the request");
      }
      checkTablePolicy(plane.tables.arnOf(name), Policy);
      expectRevision(record, ExpectedRevisionId);
      const now = record.resourcePolicy;
      if (now?.document === Policy) {
        return { RevisionId: now.revision };
      }
      const revision = nextRevision(plane, record);
      plane.tables.put({ ...record, resourcePolicy: { document: Policy, revision } });
      return { RevisionId: revision };
    },

    GetResourcePolicy: ({ ResourceArn }) => {
      const { resourcePolicy } = tableByArn(plane, ResourceArn).record;
      if (resourcePolicy === undefined) {
        throw notFound(ResourceArn);
      }
      return { Policy: resourcePolicy.document, RevisionId: resourcePolicy.revision };
    },

    DeleteResourcePolicy: ({ ResourceArn, ExpectedRevisionId }) => {
      const { record }: Table = tableByArn(plane, ResourceArn);
      checkCreated(record);
      expectRevision(record, ExpectedRevisionId);
      const { resourcePolicy, ...rest } = record;
      if (resourcePolicy === undefined) {
        return {};
      }
      plane.tables.put(rest);
      return { RevisionId: resourcePolicy.revision };
    },
  };
}

function expectRevision({ name, resourcePolicy }: TableRecord, expected: string | undefined): void {
  if (expected !== undefined && expected !== (resourcePolicy?.revision ?? NO_POLICY)) {
    throw notFound(name);
  }
}

/** Revisions are times, as on AWS, and never the same twice. */
function nextRevision({ clock }: ControlPlane, { resourcePolicy }: TableRecord): string {
  return String(Math.max(clock.now(), Number(resourcePolicy?.revision ?? 0) + 1));
}

function notFound(resource: string | undefined): AwsError {
  return new AwsError(
    "PolicyNotFoundException",
    `Resource-based policy not found for the provided ResourceArn: ${resource}`,
  );
}

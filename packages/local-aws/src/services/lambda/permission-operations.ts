import { AwsError } from "../../core/aws-error.ts";
import { functionArn, type Place } from "./function-names.ts";
import { type FunctionChanges, newRevision } from "./function-store.ts";
import { type FunctionTarget, resolveTarget } from "./function-target.ts";
import { conflict, invalidParameter, notFound, revisionMismatch } from "./lambda-errors.ts";
import type { LambdaOperations, LambdaState } from "./lambda-state.ts";
import { MAX_POLICY_BYTES, newStatement, policyDocument } from "./resource-policy.ts";

/** The resource policies of functions, versions and aliases. Their `RevisionId` is that of what they belong to. */
export function permissionOperations({ functions }: LambdaState): LambdaOperations {
  const find = (place: Place, functionName: string | undefined, qualifier: string | undefined) => {
    const target = resolveTarget(functions, place, functionName, qualifier);
    if (target.reference.qualifier === "$LATEST") {
      throw invalidParameter("We currently do not support adding policies for $LATEST.");
    }
    const key = target.reference.qualifier ?? "";
    return { target, key, statements: target.view.policies.get(key) ?? [] };
  };

  return {
    AddPermission(input, context) {
      const { target, key, statements } = find(context, input.FunctionName, input.Qualifier);
      const { name } = target.view.record;
      const statement = newStatement(input, functionArn(context, name, target.reference.qualifier));
      checkRevision(target, input.RevisionId);
      if (statements.some(({ Sid }) => Sid === statement.Sid)) {
        throw conflict(
          `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        );
      }
      const changed = [...statements, statement];
      if (Buffer.byteLength(policyDocument(changed)) > MAX_POLICY_BYTES) {
        throw new AwsError(
          "PolicyLengthExceededException",
          `The final policy size is bigger than the limit (${MAX_POLICY_BYTES}).`,
        );
      }
      functions.change(name, (changes) => {
        changes.putPolicy(key, changed);
        touch(changes, target);
      });
      return { Statement: JSON.stringify(statement) };
    },

    RemovePermission(input, context) {
      const { target, key, statements } = find(context, input.FunctionName, input.Qualifier);
      if (statements.length === 0) {
        throw notFound("No policy is associated with the given resource.");
      }
      if (!statements.some(({ Sid }) => Sid === input.StatementId)) {
        throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
      }
      checkRevision(target, input.RevisionId);
      functions.change(target.view.record.name, (changes) => {
        changes.putPolicy(
          key,
          statements.filter(({ Sid }) => Sid !== input.StatementId),
        );
        touch(changes, target);
      });
      return {};
    },

    GetPolicy(input, context) {
      const { target, statements } = find(context, input.FunctionName, input.Qualifier);
      if (statements.length === 0) {
        throw notFound("The resource you requested does not exist.");
      }
      return { Policy: policyDocument(statements), RevisionId: revisionOf(target) };
    },
  };
}

function revisionOf({ alias, version }: FunctionTarget): string {
  return alias?.revisionId ?? version.revisionId;
}

function checkRevision(target: FunctionTarget, revisionId: string | undefined): void {
  if (revisionId !== undefined && revisionId !== revisionOf(target)) {
    throw revisionMismatch("GetPolicy");
  }
}

function touch(changes: FunctionChanges, { alias, version, view }: FunctionTarget): void {
  const revisionId = newRevision();
  if (alias !== undefined) {
    changes.putAlias({ ...alias, revisionId });
  } else if (version.version === "$LATEST") {
    changes.put({ ...view.record, latest: { ...view.record.latest, revisionId } });
  } else {
    changes.putVersion({ ...version, revisionId });
  }
}

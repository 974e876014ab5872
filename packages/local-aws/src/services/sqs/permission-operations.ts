import type { Operations } from "../../core/service.ts";
import { validateQueuePolicy } from "./queue-policy.ts";
import { invalidParameter, invalidValue, missingParameter } from "./sqs-errors.ts";
import { type Queue, requireQueue, type Sqs, type SqsState } from "./sqs-state.ts";

/** Actions that `AddPermission` can give away: what an owner keeps is not among them. */
const ACTIONS = [
  "*",
  "SendMessage",
  "ReceiveMessage",
  "DeleteMessage",
  "ChangeMessageVisibility",
  "GetQueueAttributes",
  "GetQueueUrl",
  "ListDeadLetterSourceQueues",
  "PurgeQueue",
];
const MOST_ACTIONS = 7;

interface Statement {
  readonly Sid?: string;
}

interface PolicyDocument {
  readonly Statement: Statement | readonly Statement[];
}

/**
 * Permissions as statements of the queue's policy.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
 */
export function permissionOperations(state: SqsState): Operations<Sqs> {
  const save = (queue: Queue, policy: object) => {
    const Policy = JSON.stringify(policy);
    validateQueuePolicy(Policy);
    state.queues.put(queue.name, {
      ...queue,
      attributes: { ...queue.attributes, Policy },
      modifiedAt: state.core.clock.now(),
    });
  };
  return {
    AddPermission({ QueueUrl, Label, AWSAccountIds = [], Actions = [] }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(Label ?? "")) {
        throw invalidParameter(
          "Label",
          Label,
          "It can only have alphanumeric characters, hyphens and underscores, 1 to 80.",
        );
      }
      checkPrincipals(AWSAccountIds);
      checkActions(Actions);
      const policy = policyOf(queue);
      const statements = [policy.Statement].flat();
      if (statements.some(({ Sid }) => Sid === Label)) {
        throw invalidParameter("Label", Label, "Already exists.");
      }
      const added = {
        Sid: Label,
        Effect: "Allow",
        Principal: { AWS: oneOrMany(AWSAccountIds.map((account) => `arn:aws:iam::${account}:root`)) },
        Action: oneOrMany(Actions.map((action) => `SQS:${action}`)),
        Resource: queue.arn,
      };
      save(queue, { ...policy, Statement: [...statements, added] });
      return {};
    },

    RemovePermission({ QueueUrl, Label }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      const policy = policyOf(queue);
      const statements = [policy.Statement].flat();
      const kept = statements.filter(({ Sid }) => Sid !== Label);
      if (kept.length === statements.length) {
        throw invalidParameter("Label", Label, "can't find label on existing policy.");
      }
      if (kept.length > 0) {
        save(queue, { ...policy, Statement: kept });
      } else {
        const { Policy: _, ...attributes } = queue.attributes;
        state.queues.put(queue.name, { ...queue, attributes, modifiedAt: state.core.clock.now() });
      }
      return {};
    },
  };
}

function policyOf({ attributes, arn }: Queue): PolicyDocument {
  return attributes.Policy === undefined
    ? ({ Version: "2008-10-17", Id: `${arn}/SQSDefaultPolicy`, Statement: [] } as PolicyDocument)
    : (JSON.parse(attributes.Policy) as PolicyDocument);
}

function checkPrincipals(accounts: readonly string[]): void {
  if (accounts.length === 0) {
    throw missingParameter("PrincipalId");
  }
  const wrong = accounts.find((account) => !/^\d{12}$/.test(account));
  if (wrong !== undefined) {
    throw invalidParameter("PrincipalId", wrong, "Unable to verify.");
  }
}

function checkActions(actions: readonly string[]): void {
  if (actions.length === 0) {
    throw missingParameter("Actions");
  }
  if (actions.length > MOST_ACTIONS) {
    throw invalidValue(`${actions.length} Actions were found, maximum allowed is ${MOST_ACTIONS}.`);
  }
  const wrong = actions.find((action) => !ACTIONS.includes(action));
  if (wrong !== undefined) {
    throw invalidParameter("ActionName", wrong, "Only the queue owner is allowed to invoke this action.");
  }
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] ?? "") : values;
}

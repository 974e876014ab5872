import type { AccessNeed } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import { keyNeeds, serviceKeyNeeds } from "../../core/key-needs.ts";
import type { ActingAs, QueueMessage, QueueSender } from "../../core/ports.ts";
import { keyUse, SENDING } from "./queue-key.ts";
import { check, send } from "./send-operations.ts";
import { queueDoesNotExist } from "./sqs-errors.ts";
import { type Queue, queueOfArn, queuePolicy, type SqsState } from "./sqs-state.ts";

/** Sends messages for other services of local AWS, by the queue's policy and its key's, and by the same rules as `SendMessage`. */
export function createQueueSender(state: SqsState): QueueSender {
  return {
    send({ queueArn, body, attributes = {}, source }) {
      const queue = queueOfArn(state, queueArn);
      if (queue === undefined) {
        throw queueDoesNotExist();
      }
      requirePermission(state, queue, actingAs(source));
      const given = Object.entries(attributes).map(([name, { type, value }]) => [
        name,
        type.startsWith("Binary")
          ? { DataType: type, BinaryValue: new Uint8Array(Buffer.from(value, "base64")) }
          : { DataType: type, StringValue: value },
      ]);
      const message = check(queue, { MessageBody: body, MessageAttributes: Object.fromEntries(given) });
      send(state, queue, [message], source.roleArn ?? source.service);
    },
  };
}

function actingAs({ service, arn, roleArn }: QueueMessage["source"]): ActingAs {
  return roleArn === undefined ? { service, sourceArn: arn } : { roleArn };
}

function requirePermission(state: SqsState, queue: Queue, by: ActingAs): void {
  const { authorizer } = state.core;
  const isAllowed = (need: AccessNeed): boolean =>
    ("roleArn" in by ? authorizer.decideForRole(by.roleArn, need) : authorizer.decideForService(by, need)).allowed;
  const who = "roleArn" in by ? by.roleArn : by.service;
  const need = { action: "sqs:SendMessage", resource: queue.arn, resourcePolicy: queuePolicy(queue) };
  if (!isAllowed(need)) {
    throw new AwsError(
      "AccessDenied",
      `User: ${who} is not authorized to perform: sqs:sendmessage on resource: ${queue.arn}`,
    );
  }
  const use = keyUse(state, queue, SENDING);
  if (use === undefined) {
    return;
  }
  const needs = "roleArn" in by ? keyNeeds(state.keys, "sqs", use, state.core) : serviceKeyNeeds(state.keys, use);
  const refused = needs.find((keyNeed) => !isAllowed(keyNeed));
  if (refused !== undefined) {
    throw new AwsError(
      "KmsAccessDenied",
      `User: ${who} is not authorized to perform: ${refused.action} on resource: ${refused.resource}, the key of ${queue.arn}`,
    );
  }
}

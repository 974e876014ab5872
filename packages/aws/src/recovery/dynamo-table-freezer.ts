import {
  type AttributeValue,
  DeleteItemCommand,
  DeleteResourcePolicyCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { assertNotInterrupted, ReleaseError, type TableFreezer, type TablePolicy } from "@slipway/release-engine";
import { awsCall } from "../aws-call.ts";
import { errorName } from "../error-name.ts";
import { translateAwsError } from "../translate-aws-error.ts";

/** What DynamoDB calls the revision of a policy that is not there. */
const NO_POLICY = "NO_POLICY";
const PROBE: Readonly<Record<string, AttributeValue>> = {
  S: { S: "slipway#freeze" },
  N: { N: "0" },
  B: { B: new Uint8Array([0]) },
};

/** Policies of DynamoDB tables, and whether they stop writes. */
export class DynamoTableFreezer implements TableFreezer {
  readonly #client: DynamoDBClient;

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  async arn(table: string): Promise<string> {
    return (await this.#describe(table)).TableArn ?? "";
  }

  async policy(table: string, signal?: AbortSignal): Promise<TablePolicy | undefined> {
    const ResourceArn = await this.arn(table);
    try {
      const { Policy, RevisionId } = await this.#client.send(
        new GetResourcePolicyCommand({ ResourceArn }),
        signal === undefined ? {} : { abortSignal: signal },
      );
      return Policy === undefined ? undefined : { document: Policy, revision: RevisionId ?? "" };
    } catch (error) {
      if (errorName(error) === "PolicyNotFoundException") {
        return undefined;
      }
      assertNotInterrupted(signal, `while the policy of ${table} was looked at`);
      throw translateAwsError(error, { action: "dynamodb:GetResourcePolicy", subject: table });
    }
  }

  async putPolicy(table: string, Policy: string, seen: string | undefined): Promise<void> {
    const ResourceArn = await this.arn(table);
    await this.#change(table, "dynamodb:PutResourcePolicy", Policy, () =>
      this.#client.send(new PutResourcePolicyCommand({ ResourceArn, Policy, ExpectedRevisionId: seen ?? NO_POLICY })),
    );
  }

  async removePolicy(table: string, seen: string): Promise<void> {
    const ResourceArn = await this.arn(table);
    await this.#change(table, "dynamodb:DeleteResourcePolicy", undefined, () =>
      this.#client.send(new DeleteResourcePolicyCommand({ ResourceArn, ExpectedRevisionId: seen })),
    );
  }

  /**
   * Tries to delete an item under a condition that no item can meet. Who may not delete anyway is told so by the policy, too: an explicit
   * deny is looked for first.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
   */
  async refusesWrites(TableName: string, signal?: AbortSignal): Promise<boolean> {
    const { KeySchema = [], AttributeDefinitions = [] } = await this.#describe(TableName);
    const names = KeySchema.flatMap(({ AttributeName }) => AttributeName ?? []);
    const Key = Object.fromEntries(
      names.map((name) => {
        const type = AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? "S";
        return [name, PROBE[type] as AttributeValue];
      }),
    );
    try {
      await this.#client.send(
        new DeleteItemCommand({
          ...{ TableName, Key, ExpressionAttributeNames: { "#k": names[0] ?? "" } },
          ConditionExpression: "attribute_exists(#k) AND attribute_not_exists(#k)",
        }),
        signal === undefined ? {} : { abortSignal: signal },
      );
      return false;
    } catch (error) {
      const name = errorName(error);
      if (name === "AccessDeniedException") {
        return error instanceof Error && error.message.includes("explicit deny in a resource-based policy");
      }
      if (name === "ConditionalCheckFailedException") {
        return false;
      }
      assertNotInterrupted(signal, `while it was tried whether ${TableName} takes writes`);
      throw translateAwsError(error, { action: "dynamodb:DeleteItem", subject: TableName });
    }
  }

  /** An answer may have been lost, and the call sent again: then another revision is there, and it is ours. */
  async #change(
    table: string,
    action: string,
    wanted: string | undefined,
    send: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await send();
    } catch (error) {
      if (errorName(error) !== "PolicyNotFoundException") {
        throw translateAwsError(error, { action, subject: table });
      }
      if ((await this.policy(table))?.document !== wanted) {
        throw new ReleaseError(
          {
            kind: "conflict",
            what: `The policy of ${table} was changed meanwhile`,
            why: "somebody else has changed it since it was looked at",
            next: "find out who; then type the same command again",
          },
          { cause: error },
        );
      }
    }
  }

  async #describe(TableName: string): Promise<TableDescription> {
    const { Table = {} } = await awsCall("dynamodb:DescribeTable", TableName, undefined, () =>
      this.#client.send(new DescribeTableCommand({ TableName })),
    );
    return Table;
  }
}

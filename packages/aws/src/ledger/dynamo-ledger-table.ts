import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactionInProgressException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { describeProblems, type LedgerEntry, ledgerHeadSchema } from "@slipway/contracts";
import {
  assertNotInterrupted,
  canonicalJson,
  type LedgerHead,
  type LedgerTable,
  ReleaseError,
} from "@slipway/release-engine";
import { translateAwsError } from "../translate-aws-error.ts";

/** A call that has no answer by then, the SDK's own retries included, is taken for lost: the lease goes on running meanwhile. */
const ANSWER_WITHIN_MS = 10_000;

/** The head's sort key; entries have those from 1. */
const HEAD = 0;

/**
 * The ledgers of environments in a DynamoDB table with the keys `environment` and `sequence`: the head at 0, the entries behind it, each as
 * canonical JSON.
 *
 * Every write is a transaction of puts, which is what a role needs that may put items of its own environment and nothing else. A write that
 * is sent again is recognised by its token.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export class DynamoLedgerTable implements LedgerTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async readHead(environment: string): Promise<LedgerHead | undefined> {
    const command = new GetItemCommand({
      TableName: this.#table,
      Key: keyOf(environment, HEAD),
      ConsistentRead: true,
    });
    const { Item } = await this.#call("GetItem", (options) => this.#client.send(command, options));
    if (Item === undefined) {
      return undefined;
    }
    const parsed = ledgerHeadSchema.safeParse(parseJson(Item.head?.S), { reportInput: true });
    if (!parsed.success) {
      throw new ReleaseError({
        kind: "usage",
        what: `The head of the ledger of ${environment} in ${this.#table} cannot be read`,
        why: describeProblems(parsed.error).join("\n"),
        next: "use the Slipway that wrote it, or a newer one; do not delete the record: it holds the lease",
      });
    }
    const { version: _, ...head } = parsed.data;
    return head;
  }

  async write(
    environment: string,
    { expected, head, entry }: { readonly expected: number; readonly head: LedgerHead; readonly entry?: LedgerEntry },
  ): Promise<"written" | "conflict"> {
    const TableName = this.#table;
    const items: TransactWriteItem[] = [
      {
        Put: {
          TableName,
          Item: {
            ...keyOf(environment, HEAD),
            revision: { N: String(head.revision) },
            head: { S: canonicalJson({ version: 1, ...head }) },
          },
          ...(expected === 0
            ? { ConditionExpression: "attribute_not_exists(#key)", ExpressionAttributeNames: { "#key": "environment" } }
            : {
                ConditionExpression: "#revision = :expected",
                ExpressionAttributeNames: { "#revision": "revision" },
                ExpressionAttributeValues: { ":expected": { N: String(expected) } },
              }),
        },
      },
    ];
    if (entry !== undefined) {
      items.push({
        Put: {
          TableName,
          Item: { ...keyOf(environment, entry.sequence), entry: { S: canonicalJson(entry) } },
          ConditionExpression: "attribute_not_exists(#key)",
          ExpressionAttributeNames: { "#key": "environment" },
        },
      });
    }
    const command = new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: head.writeId });
    return this.#call("PutItem", async (options) => {
      try {
        await this.#client.send(command, options);
        return "written";
      } catch (error) {
        if (error instanceof TransactionCanceledException && hasReason(error, /^ConditionalCheckFailed$/)) {
          return "conflict";
        }
        throw error;
      }
    });
  }

  async *readEntries(environment: string, after: number, signal?: AbortSignal): AsyncIterable<unknown> {
    let start: QueryCommand["input"]["ExclusiveStartKey"];
    do {
      const command = new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: "#environment = :environment AND #sequence > :after",
        ExpressionAttributeNames: { "#environment": "environment", "#sequence": "sequence" },
        ExpressionAttributeValues: { ":environment": { S: environment }, ":after": { N: String(after) } },
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      const page = await this.#call("Query", (options) => this.#client.send(command, options), signal);
      for (const { entry } of page.Items ?? []) {
        yield parseJson(entry?.S);
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  async #call<T>(
    action: string,
    send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const tooLate = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const call = { action: `dynamodb:${action}`, subject: `the ledger in ${this.#table}` };
    try {
      return await send({ abortSignal: signal === undefined ? tooLate : AbortSignal.any([tooLate, signal]) });
    } catch (error) {
      assertNotInterrupted(signal, `during ${call.action} on ${call.subject}`);
      if (tooLate.aborted) {
        throw unknownOutcome("unreachable", call, `no answer within ${ANSWER_WITHIN_MS / 1_000} s`, error);
      }
      if (isPassing(error)) {
        throw unknownOutcome("throttled", call, describe(error), error);
      }
      if (isServerError(error)) {
        throw unknownOutcome("unreachable", call, describe(error), error);
      }
      throw translateAwsError(error, call);
    }
  }
}

function keyOf(environment: string, sequence: number) {
  return { environment: { S: environment }, sequence: { N: String(sequence) } };
}

/** What is no JSON comes back as it is: the reader says what is wrong with it. */
function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return text;
  }
}

function hasReason(error: TransactionCanceledException, code: RegExp): boolean {
  return (error.CancellationReasons ?? []).some(({ Code }) => code.test(Code ?? ""));
}

/** Somebody's transaction is at work on the head, for some milliseconds, or the table has too much to do. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof TransactionInProgressException ||
    (error instanceof TransactionCanceledException &&
      hasReason(error, /^(TransactionConflict|ThrottlingError|ProvisionedThroughputExceeded)$/))
  );
}

function isServerError(error: unknown): boolean {
  const metadata =
    error instanceof Error && "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }) : undefined;
  return (metadata?.httpStatusCode ?? 0) >= 500;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const reasons =
    error instanceof TransactionCanceledException
      ? ` (${(error.CancellationReasons ?? []).map(({ Code, Message }) => Message ?? Code ?? "?").join("; ")})`
      : "";
  return `${error.name}: ${error.message}${reasons}`;
}

function unknownOutcome(
  kind: "throttled" | "unreachable",
  { action, subject }: { readonly action: string; readonly subject: string },
  why: string,
  cause: unknown,
): ReleaseError {
  return new ReleaseError(
    {
      kind,
      what: `${action} failed for ${subject}`,
      why,
      next: "wait a minute, then type the same command again: what had arrived is found",
    },
    { cause },
  );
}

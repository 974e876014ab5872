import { type AttributeValue, cannedRecord, itemId } from "./canned-items.ts";

/** A request of DynamoDB's JSON protocol, as far as the answer depends on it. */
export interface DynamoRequest {
  readonly Key?: { readonly id?: { readonly S?: string } };
  readonly Item?: Readonly<Record<string, AttributeValue>>;
  readonly Limit?: number;
  readonly ReturnValues?: string;
}

/** An error of the service, by its short name. */
export class DynamoError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const mostItems = 1_000;

/**
 * Answers as a table would that holds every item in its first version: reads find it, and writes on condition of that version
 * (or, for a new item, of none) succeed. It keeps nothing, so that every request of a measurement meets the same table.
 *
 * @param operation - such as `GetItem`
 * @throws DynamoError for anything that it cannot answer truly
 */
export function answerDynamodb(operation: string, request: DynamoRequest): object {
  switch (operation) {
    case "GetItem": {
      const id = request.Key?.id?.S ?? "";
      return /^[\da-f]{8}-/.test(id) ? { Item: cannedRecord(id) } : {};
    }
    case "Query":
      return page(Math.min(request.Limit ?? mostItems, mostItems));
    case "PutItem":
      return written(request, undefined);
    case "UpdateItem":
    case "DeleteItem":
      return written(request, request.Key?.id?.S);
    case "TransactWriteItems":
      return {};
    default:
      throw new DynamoError("UnknownOperationException", `The stub does not answer ${operation}.`);
  }
}

function page(count: number): object {
  const Items = Array.from({ length: count }, (_, number) => cannedRecord(itemId(number)));
  const { id, status, createdAt } = cannedRecord(itemId(count - 1));
  return { Count: count, ScannedCount: count, Items, LastEvaluatedKey: { id, status, createdAt } };
}

function written({ ReturnValues = "NONE" }: DynamoRequest, id: string | undefined): object {
  switch (ReturnValues) {
    case "NONE":
      return {};
    case "ALL_OLD":
      return id === undefined ? {} : { Attributes: cannedRecord(id) };
    default:
      // It does not evaluate expressions, so what the item became is not known to it.
      throw new DynamoError("ValidationException", `The stub does not answer ReturnValues ${ReturnValues}.`);
  }
}

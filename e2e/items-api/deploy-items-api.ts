import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createFunction } from "../support/create-function.ts";
import { createItemsTable } from "../support/create-items-table.ts";
import type { LocalAwsProcess } from "../support/local-aws-process.ts";
import { buildItemsFunction } from "./build-items-function.ts";
import { importItemsApi } from "./import-items-api.ts";

const TABLE = "items";
const STAGE = "dev";

/** Its function's name. */
export const ITEMS_FUNCTION = "api-handler-dev";

/**
 * Deploys the items API without Terraform, and without tokens: the real bundle, the table and the role as the modules make them, and the
 * gateway's definition with the integration put in as modules/api_gateway does.
 *
 * @param variables - more of the function's environment
 * @returns the stage's address
 */
export async function deployItemsApi(
  localAws: LocalAwsProcess,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [code] = await Promise.all([buildItemsFunction(), createTable(localAws)]);
  const table = `arn:aws:dynamodb:${localAws.client.region}:000000000000:table/${TABLE}`;
  const functionArn = await createFunction(localAws.client, {
    name: ITEMS_FUNCTION,
    code,
    variables: { DYNAMODB_TABLE_NAME: TABLE, CURSOR_KEY: "0123456789abcdef0123456789abcdef", ...variables },
    allow: [
      { Action: ["GetItem", "PutItem", "UpdateItem", "DeleteItem"].map((name) => `dynamodb:${name}`), Resource: table },
      { Action: "dynamodb:Query", Resource: `${table}/index/status-index` },
    ],
  });
  const apiId = await importItemsApi(localAws.client, functionArn, STAGE);
  return localAws.stageUrl(apiId, STAGE);
}

async function createTable({ client }: LocalAwsProcess): Promise<void> {
  const dynamodb = new DynamoDBClient(client);
  await createItemsTable(dynamodb, TABLE);
  dynamodb.destroy();
}

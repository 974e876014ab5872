import type { ProvisionedThroughput, UpdateTableCommandInput } from "@aws-sdk/client-dynamodb";

/** What an UpdateTable says of the billing. */
type BillingChange = Pick<
  UpdateTableCommandInput,
  "BillingMode" | "ProvisionedThroughput" | "OnDemandThroughput" | "GlobalSecondaryIndexUpdates"
>;

const ON_DEMAND = /^on demand(?:, at most (-?\d+) reads and (-?\d+) writes)?$/;
const UNITS = /^(?:([^:;]+): )?(\d+) reads, (\d+) writes$/;

/**
 * The change that makes one billing of another, both as a table's settings have it. Only what differs is in it: DynamoDB refuses to set units
 * that are there already.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
 */
export function billingChange(before: string, wanted: string): BillingChange {
  const [, read, write] = ON_DEMAND.exec(wanted) ?? [];
  if (wanted.startsWith("on demand")) {
    const limits = { MaxReadRequestUnits: Number(read ?? -1), MaxWriteRequestUnits: Number(write ?? -1) };
    const hadLimits = before.startsWith("on demand, ");
    return {
      ...(before.startsWith("on demand") ? {} : { BillingMode: "PAY_PER_REQUEST" }),
      ...(read === undefined && !hadLimits ? {} : { OnDemandThroughput: limits }),
    };
  }
  const [had, wants] = [unitsIn(before), unitsIn(wanted)];
  const differing = [...wants].filter(([name, units]) => JSON.stringify(had.get(name)) !== JSON.stringify(units));
  const own = differing.find(([name]) => name === "")?.[1];
  const indexes = differing.filter(([name]) => name !== "");
  return {
    ...(before.startsWith("provisioned") ? {} : { BillingMode: "PROVISIONED" }),
    ...(own === undefined ? {} : { ProvisionedThroughput: own }),
    ...(indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexUpdates: indexes.map(([IndexName, units]) => ({
            Update: { IndexName, ProvisionedThroughput: units },
          })),
        }),
  };
}

/** Units by the name of the index; those of the table have none. */
function unitsIn(billing: string): ReadonlyMap<string, ProvisionedThroughput> {
  return new Map(
    billing.split("; ").flatMap((text) => {
      const [all, index = "", read, write] = UNITS.exec(text) ?? [];
      return all === undefined
        ? []
        : [[index, { ReadCapacityUnits: Number(read), WriteCapacityUnits: Number(write) }] as const];
    }),
  );
}

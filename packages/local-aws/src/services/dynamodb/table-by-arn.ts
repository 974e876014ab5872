import { AwsError } from "../../core/aws-error.ts";
import { type ControlPlane, invalid } from "./control-plane.ts";
import type { Table } from "./table.ts";

/**
 * The table of a request that knows tables by their ARNs only.
 *
 * @throws AwsError `ValidationException` for what is no ARN, `ResourceNotFoundException` where no table has it
 */
export function tableByArn(plane: Pick<ControlPlane, "tables">, arn: string | undefined): Table {
  const prefix = plane.tables.arnOf("");
  if (arn === undefined || !arn.startsWith("arn:")) {
    throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn ?? "null"}`);
  }
  const table = arn.startsWith(prefix) ? plane.tables.find(arn.slice(prefix.length)) : undefined;
  if (table === undefined) {
    throw new AwsError("ResourceNotFoundException", `Requested resource not found: ResourcArn: ${arn} not found`);
  }
  return table;
}

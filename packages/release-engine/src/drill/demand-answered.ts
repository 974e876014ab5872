import type { DrilledCommand, DrillTraffic } from "../ports/drill-stage.ts";
import { DrillFailure } from "./drill-failure.ts";

/**
 * @returns how many requests users made while a command ran, in words
 * @throws {DrillFailure} when one of them failed
 */
export function demandAnswered(
  { requests, failed, firstFailure }: DrillTraffic,
  { command }: Pick<DrilledCommand, "command">,
): string {
  if (failed > 0) {
    throw new DrillFailure(
      `${failed} of ${requests} requests failed during ${command}${firstFailure === undefined ? "" : `, the first: ${firstFailure}`}`,
    );
  }
  return `0 of ${requests} requests failed`;
}

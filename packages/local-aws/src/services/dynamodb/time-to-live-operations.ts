import { type ControlOperations, type ControlPlane, checkCreated, invalid } from "./control-plane.ts";

/** How long AWS takes to let a table's TTL be changed again. */
const SETTLING_MS = 60 * 60 * 1000;

/**
 * UpdateTimeToLive and DescribeTimeToLive.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
 */
export function timeToLiveOperations(plane: ControlPlane): ControlOperations {
  return {
    UpdateTimeToLive: async ({ TableName, TimeToLiveSpecification: specification }) => {
      const table = plane.tables.forControl(TableName);
      checkCreated(table.record);
      const attribute = specification?.AttributeName;
      const enabled = specification?.Enabled;
      if (attribute === undefined || attribute === "" || attribute.length > 255) {
        throw invalid(
          "1 validation error detected: Value at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must have length between 1 and 255",
        );
      }
      if (enabled === undefined) {
        throw invalid(
          "1 validation error detected: Value null at 'timeToLiveSpecification.enabled' failed to satisfy constraint: Member must not be null",
        );
      }
      const current = table.record.timeToLive;
      if ((current?.enabled ?? false) === enabled) {
        throw invalid(`TimeToLive is already ${enabled ? "enabled" : "disabled"}`);
      }
      if (current !== undefined && !enabled && current.attribute !== attribute) {
        throw invalid(
          `TimeToLive is active on a different AttributeName: current AttributeName is ${current.attribute}`,
        );
      }
      const now = plane.clock.now();
      if (current !== undefined && now < current.changedAt + SETTLING_MS) {
        throw invalid("Time to live has been modified multiple times within a fixed interval");
      }
      plane.tables.put({
        ...table.record,
        timeToLive: { attribute, enabled, changedAt: now, indexing: true },
      });
      plane.filler.fillExpiry(table.name);
      return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled } };
    },

    DescribeTimeToLive: ({ TableName }) => {
      const { timeToLive } = plane.tables.forControl(TableName).record;
      return {
        TimeToLiveDescription: timeToLive?.enabled
          ? { TimeToLiveStatus: "ENABLED", AttributeName: timeToLive.attribute }
          : { TimeToLiveStatus: "DISABLED" },
      };
    },
  };
}

import { type ControlOperations, type ControlPlane, invalid } from "./control-plane.ts";

/**
 * What a table could have and here has not, because nothing here can give it: says so truthfully to who asks.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContributorInsights.html
 */
export function absentFeatures(plane: ControlPlane): ControlOperations {
  return {
    DescribeKinesisStreamingDestination: ({ TableName }) => ({
      TableName: plane.tables.forControl(TableName).name,
      KinesisDataStreamDestinations: [],
    }),

    DescribeContributorInsights: ({ TableName, IndexName }) => {
      const { name, record } = plane.tables.forControl(TableName);
      if (IndexName !== undefined && !record.globalIndexes.some(({ name: each }) => each === IndexName)) {
        throw invalid(`Requested resource not found: Index: ${IndexName} not found`);
      }
      return { TableName: name, IndexName, ContributorInsightsRuleList: [], ContributorInsightsStatus: "DISABLED" };
    },
  };
}

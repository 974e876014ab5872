/** Reads dashboards. */
export interface DashboardsReader {
  /**
   * The dashboard's body, which is JSON.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
   * @returns undefined when there is no such dashboard
   * @throws {ReleaseError} when it cannot be read
   */
  body(name: string, signal?: AbortSignal): Promise<string | undefined>;
}

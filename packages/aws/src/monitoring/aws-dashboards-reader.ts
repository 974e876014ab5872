import { type CloudWatchClient, GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import type { DashboardsReader } from "@slipway/release-engine";
import type { AwsClientOptions } from "../client-settings.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { createCloudWatchClient } from "./create-cloudwatch-client.ts";

/** What CloudWatch calls it, by protocol and operation. */
const NOT_FOUND = new Set(["DashboardNotFoundError", "ResourceNotFound", "ResourceNotFoundException"]);

/** Reads dashboards from CloudWatch. */
export class AwsDashboardsReader implements DashboardsReader {
  readonly #client: CloudWatchClient;

  constructor(options: AwsClientOptions) {
    this.#client = createCloudWatchClient(options);
  }

  async body(name: string, abortSignal?: AbortSignal): Promise<string | undefined> {
    try {
      const { DashboardBody } = await this.#client.send(new GetDashboardCommand({ DashboardName: name }), {
        abortSignal,
      });
      return DashboardBody;
    } catch (error) {
      if (error instanceof Error && NOT_FOUND.has(error.name)) {
        return undefined;
      }
      throw translateAwsError(error, { action: "cloudwatch:GetDashboard", subject: `the dashboard ${name}` });
    }
  }

  /** Closes the connections. */
  close(): void {
    this.#client.destroy();
  }
}

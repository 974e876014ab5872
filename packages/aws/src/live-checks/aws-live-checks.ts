import type { LiveChecks, LiveFinding, StateResource } from "@slipway/release-engine";
import type { AwsClientOptions } from "../client-settings.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { createLiveClients, type LiveClients } from "./live-clients.ts";
import { looks } from "./looks.ts";

/** Looks at deployed resources on AWS. */
export class AwsLiveChecks implements LiveChecks {
  readonly #clients: LiveClients;

  constructor(options: AwsClientOptions) {
    this.#clients = createLiveClients(options);
  }

  knows({ type }: StateResource): boolean {
    return Object.hasOwn(looks, type);
  }

  async look(resource: StateResource, abortSignal?: AbortSignal): Promise<readonly LiveFinding[]> {
    try {
      return (await looks[resource.type]?.(this.#clients, resource, { abortSignal })) ?? [];
    } catch (error) {
      throw translateAwsError(error, { action: `a look at ${resource.type}`, subject: resource.address });
    }
  }

  /** Closes the connections. */
  close(): void {
    for (const client of Object.values(this.#clients)) {
      client.destroy();
    }
  }
}

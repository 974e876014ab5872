import type { FunctionInvoker } from "../core/ports.ts";
import type { Exchange } from "./exchange.ts";
import type { ResponseHeaders } from "./header-rules.ts";

/** What an integration answered, after its mappings. */
export interface IntegrationAnswer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Uint8Array;
}

/** An integration of a method, compiled. Throws {@link GatewayError} for what becomes a gateway response. */
export type RunIntegration = (exchange: Exchange, functions: FunctionInvoker) => Promise<IntegrationAnswer>;

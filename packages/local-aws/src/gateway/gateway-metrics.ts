import type { MetricDatum, MetricSink } from "../core/ports.ts";
import type { Outcome } from "./context-variables.ts";
import type { Exchange } from "./exchange.ts";

/**
 * Records `AWS/ApiGateway` metrics of a request: per API, per stage, and per method where the method's detailed metrics are on.
 * `4XXError` and `5XXError` are 0 or 1 for every request, so that their average is a rate.
 *
 * Source: Amazon API Gateway developer guide, "Amazon API Gateway dimensions and metrics".
 */
export function recordMetrics(metrics: MetricSink, exchange: Exchange, outcome: Outcome, detailed: boolean): void {
  const { api, target, matched, integration } = exchange;
  const perApi = { ApiName: asciiOf(api.name) || target.apiId };
  const perStage = { ...perApi, Stage: target.stage };
  const dimensions: Record<string, string>[] = [perApi, perStage];
  if (detailed && matched !== undefined) {
    dimensions.push({ ...perStage, Resource: matched.resourcePath, Method: matched.method.httpMethod });
  }
  const { status } = outcome;
  const values: [name: string, value: number, unit: string][] = [
    ["Count", 1, "Count"],
    ["4XXError", status >= 400 && status < 500 ? 1 : 0, "Count"],
    ["5XXError", status >= 500 ? 1 : 0, "Count"],
    ["Latency", outcome.responseLatency, "Milliseconds"],
  ];
  if (integration !== undefined) {
    values.push(["IntegrationLatency", integration.latency, "Milliseconds"]);
  }
  const data: MetricDatum[] = dimensions.flatMap((dimension) =>
    values.map(([name, value, unit]) => ({
      namespace: "AWS/ApiGateway",
      name,
      dimensions: dimension,
      value,
      unit,
      timestamp: exchange.time,
    })),
  );
  metrics.record(data);
}

/** CloudWatch takes ASCII only: API Gateway leaves the other characters out, and uses the id when no character is left. */
function asciiOf(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, "").trim();
}

import type { Clock } from "@slipway/release-engine";
import { ControlClient } from "../local/control-client.ts";
import type { TargetAws } from "./target-aws.ts";

/**
 * The time on the target, which is ahead of the machine's where local AWS's clock was moved: also of the local AWS that AWS_ENDPOINT_URL
 * leads to, if it is one. What it holds is of that time.
 */
export async function targetClock({ endpoint }: TargetAws): Promise<Clock> {
  const { systemClock } = await import("@slipway/release-engine");
  const { hostname, port } = new URL(endpoint ?? "https://amazonaws.com");
  const isLoopback = ["127.0.0.1", "localhost"].includes(hostname) && port !== "";
  const health = isLoopback ? await new ControlClient(Number(port)).health() : undefined;
  const offsetMs = health?.clockOffsetMs ?? 0;
  return { ...systemClock, now: () => systemClock.now() + offsetMs };
}

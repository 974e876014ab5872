import { type Clock, systemClock } from "@slipway/release-engine";
import { ControlClient } from "../local/control-client.ts";
import { FollowingClock } from "../release/following-clock.ts";
import type { TargetAws } from "./target-aws.ts";

/**
 * The time on the target, which is ahead of the machine's where local AWS's clock was moved: also of the local AWS that AWS_ENDPOINT_URL
 * leads to, if it is one. What it holds is of that time. It goes along where that clock is moved while somebody waits.
 */
export async function targetClock({ endpoint }: TargetAws): Promise<Clock> {
  const { hostname, port } = new URL(endpoint ?? "https://amazonaws.com");
  const isLoopback = ["127.0.0.1", "localhost"].includes(hostname) && port !== "";
  if (!isLoopback) {
    return systemClock;
  }
  const control = new ControlClient(Number(port));
  const readOffset = async () => (await control.health())?.clockOffsetMs;
  return new FollowingClock(systemClock, (await readOffset()) ?? 0, readOffset);
}

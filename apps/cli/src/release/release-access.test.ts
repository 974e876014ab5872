import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SlipwayConfig } from "@slipway/contracts";
import { expect, test } from "vitest";
import type { EnvironmentPlace } from "../target/environment-work.ts";
import { ordersConfig } from "../test/orders-config.ts";
import { releaseAccess } from "./release-access.ts";

const HOUR_MS = 3_600_000;

test("a release for the AWS of AWS_ENDPOINT_URL goes by the clock of the local AWS that it leads to", async () => {
  const server = createServer((_, response) => {
    response.end(JSON.stringify({ name: "local-aws", clockOffsetMs: HOUR_MS }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bootstrap = { ...ordersConfig.bootstrap, state: { bucket: "states", key: "bootstrap.tfstate" } };
  const config: SlipwayConfig = { ...ordersConfig, bootstrap };
  const target = { label: "", isLocal: false, flags: "", region: "eu-central-1", endpoint, env: {} };
  try {
    const { clock, client } = await releaseAccess({ config, environment: "prod", target } as EnvironmentPlace);

    expect(clock.now() - Date.now()).toBeGreaterThan(HOUR_MS - 5_000);
    expect(client("deploy")).toEqual({ region: "eu-central-1", endpoint });
  } finally {
    server.close();
  }
});

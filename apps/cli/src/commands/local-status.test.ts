import { createServer } from "node:http";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { golden } from "../test/golden.ts";
import { freePort, type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";

let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});

afterAll(() => fixture.close());

test("says where it runs, on which folder, and what it holds", async () => {
  const { local, localAws, dataDir } = fixture;

  const { code, stdout } = await local("status");

  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^endpoint\\s+${localAws.endpoint}$`, "m"));
  expect(stdout).toMatch(new RegExp(`^state\\s+${dataDir}$`, "m"));
  expect(stdout).toMatch(/^account\s+000000000000 in us-east-1$/m);
  expect(stdout).toMatch(/\nIt holds nothing\.\n$/);
  const json = await local("status", "--output", "json");
  await golden("local status", json.stdout);
  expect(JSON.parse(json.stdout)).toMatchObject({
    ...{ running: true, endpoint: localAws.endpoint, pid: process.pid, holds: {} },
  });
});

test("nothing there is exit code 3 and what to type, for this port", async () => {
  const port = await freePort();

  const text = await runSlipway(["local", "status", "--port", String(port)]);
  const json = await runSlipway(["local", "status", "--port", String(port), "--output", "json"]);

  expect(text).toEqual({
    code: 3,
    stdout: `No local AWS runs on port ${port}. Start it with: slipway local start --port ${port}\n`,
    stderr: "",
  });
  expect({ ...json, stdout: JSON.parse(json.stdout) }).toEqual({
    code: 3,
    stdout: { version: 1, running: false, port },
    stderr: "",
  });
});

test.each([["faults"], ["clock"], ["coverage"], ["requests"], ["snapshot", "save", "x"]])(
  "where nothing runs, local %s %s %s says how to start it",
  async (...words) => {
    const port = await freePort();

    expect(await runSlipway(["local", ...words.filter(Boolean), "--port", String(port)])).toEqual({
      code: 1,
      stdout: "",
      stderr: `slipway: No local AWS answers on port ${port}. Start it with: slipway local start --port ${port}\n`,
    });
  },
);

test("something else on the port is not taken for local AWS", async () => {
  const other = createServer((_request, response) => response.end("<html>hello</html>"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = String(typeof address === "object" && address !== null ? address.port : 0);

  const status = await runSlipway(["local", "status", "--port", port]);
  const clock = await runSlipway(["local", "clock", "--port", port]);

  expect(status.code).toBe(3);
  expect(clock.stderr).toMatch(
    new RegExp(`^slipway: Port ${port} is taken by something that is not local AWS \\(it answered 200 to clock\\)\\.`),
  );
});

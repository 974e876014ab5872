import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type RuntimeFixture, runtimeFixture } from "./runtime-fixture.ts";

// Every test starts processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let fixture: RuntimeFixture;
beforeEach(() => {
  fixture = runtimeFixture();
});
afterEach(() => fixture.dispose());

describe("logs", () => {
  test("frame the function's lines, all of them, in order", async () => {
    const spec = fixture.spec(`export const handler = async () => {
      for (let i = 0; i < 2000; i++) console.log('line ' + i);
      console.error('two\\nlines');
      process.stdout.write('raw\\n');
    }`);

    const { requestId } = await fixture.invoke(spec);

    const time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
    const messages = fixture.messages;
    expect(messages[0]).toMatch(
      /^INIT_START Runtime Version: nodejs:22\.v1\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:/,
    );
    expect(messages[1]).toBe(`START RequestId: ${requestId} Version: $LATEST`);
    expect(messages[2]).toMatch(new RegExp(`^${time}\t${requestId}\tINFO\tline 0$`));
    expect(messages.filter((message) => message.includes("\tline "))).toHaveLength(2000);
    expect(messages).toContainEqual(expect.stringMatching(new RegExp(`^${time}\t${requestId}\tERROR\ttwo\nlines$`)));
    expect(messages).toContain("raw");
    expect(messages.at(-2)).toBe(`END RequestId: ${requestId}`);
    expect(messages.at(-1)).toMatch(
      new RegExp(
        `^REPORT RequestId: ${requestId}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 256 MB\tMax Memory Used: \\d+ MB\tInit Duration: [\\d.]+ ms\t$`,
      ),
    );
  });

  test("leave embedded metrics as they are, in both formats", async () => {
    const metric = JSON.stringify({ _aws: { Timestamp: 1, CloudWatchMetrics: [] }, Count: 1 });
    const code = `export const handler = async () => { console.log(${JSON.stringify(metric)}); process.stdout.write(${JSON.stringify(`${metric}\n`)}) }`;

    await fixture.invoke(fixture.spec(code));
    await fixture.invoke(fixture.spec(code, { logging: { group: "g", format: "JSON" } }));

    expect(fixture.messages.filter((message) => message === metric)).toHaveLength(4);
  });

  test("are JSON when the function asks for it, from the level that it asks for", async () => {
    const spec = fixture.spec(
      "export const handler = async () => { console.debug('no'); console.warn({ a: 1 }); console.error('bad', new Error('x')); throw new Error('end') }",
      { logging: { group: "g", format: "JSON", applicationLevel: "WARN", systemLevel: "INFO" } },
    );

    const { requestId } = await fixture.invoke(spec);

    const entries = fixture.messages.map((message) => JSON.parse(message) as Record<string, unknown>);
    expect(entries).toMatchObject([
      { type: "platform.initStart", record: { initializationType: "on-demand" } },
      { type: "platform.start", record: { requestId, version: "$LATEST" } },
      { level: "WARN", requestId, message: { a: 1 } },
      { level: "ERROR", requestId, errorType: "Error", errorMessage: "x" },
      { level: "ERROR", requestId, message: { errorType: "Error", errorMessage: "end" } },
      {
        type: "platform.report",
        record: { requestId, status: "error", errorType: "Error", metrics: { memorySizeMB: 256 } },
      },
    ]);
  });
});

import {
  createRedactor,
  learnEnvironment,
  ReleaseError,
  type StepContext,
  type StepHandlers,
} from "@slipway/release-engine";
import { expect, test } from "vitest";
import { knowingSecrets } from "./knowing-secrets.ts";

const unreachable = new ReleaseError({ kind: "unreachable", what: "Lambda does not answer", why: "x", next: "y" });

const APPLIED = { steps: new Map([["infrastructure.apply", {}]]) };

function arrange({
  failures = [] as (Error | undefined)[],
  unread = [] as Error[],
  before = ["api-handler", "authorizer"],
  record = { steps: new Map() } as object,
} = {}) {
  const asked: string[] = [];
  const redactor = createRedactor();
  const looks: string[] = [];
  const lines: string[] = [];
  const said: string[] = [];
  const smoke = async () => {
    said.push(redactor.text("it answered tiger-and-lion"));
    return { outcome: "paused", summary: "", next: "" } as const;
  };
  const handlers = knowingSecrets({ smoke, checkpoint: smoke, "traffic.restore": smoke } as unknown as StepHandlers, {
    namesIn: ({ steps }) => (steps.size > 0 ? ["api-handler", "authorizer"] : undefined),
    async namesBefore() {
      asked.push("ledger");
      const failure = unread.shift();
      if (failure !== undefined) throw failure;
      return [...before];
    },
    reader: {
      async readFunction(name) {
        looks.push(name);
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        learnEnvironment(redactor, { DB_PASSWORD: "tiger-and-lion" });
        return {} as never;
      },
    },
  });
  const contextOf = (of: object) =>
    ({ record: of, line: (text: string) => lines.push(text) }) as unknown as StepContext;
  return { handlers, context: contextOf(record), contextOf, looks, lines, said, asked };
}

test("what functions have in their variables is known before the first step says anything, and looked at once", async () => {
  const { handlers, context, looks, said } = arrange();
  await handlers.smoke(context);
  await handlers.checkpoint(context);
  expect(said).toEqual(["it answered (redacted)", "it answered (redacted)"]);
  expect(looks).toEqual(["api-handler", "authorizer"]);
});

test("functions that cannot be looked at stop no step, and are looked at again before the next", async () => {
  const { handlers, context, lines, said } = arrange({ failures: [unreachable] });
  await handlers.smoke(context);
  await handlers.checkpoint(context);
  expect(said).toEqual(["it answered tiger-and-lion", "it answered (redacted)"]);
  expect(lines).toEqual(["which secrets the functions have could not be seen: Lambda does not answer"]);
});

test("a bug of ours is none of that", async () => {
  const { handlers, context } = arrange({ failures: [new TypeError("bug")] });
  await expect(handlers.smoke(context)).rejects.toThrow("bug");
});

test("traffic that goes back waits for no look", async () => {
  const { handlers, context, looks } = arrange();
  await handlers["traffic.restore"](context);
  expect(looks).toEqual([]);
});

test("the ledger is asked once for releases before a first one, however many steps come before it has functions", async () => {
  const { handlers, context, contextOf, looks, asked } = arrange({ before: [] });
  await handlers.smoke(context);
  await handlers.checkpoint(context);
  expect([asked, looks]).toEqual([["ledger"], []]);
  await handlers.smoke(contextOf(APPLIED));
  expect([asked, looks]).toEqual([["ledger"], ["api-handler", "authorizer"]]);
});

test("a ledger that could not be read is asked again before the next step", async () => {
  const { handlers, context, lines, looks, asked } = arrange({ unread: [unreachable] });
  await handlers.smoke(context);
  await handlers.checkpoint(context);
  expect(lines).toHaveLength(1);
  expect([asked, looks]).toEqual([
    ["ledger", "ledger"],
    ["api-handler", "authorizer"],
  ]);
});

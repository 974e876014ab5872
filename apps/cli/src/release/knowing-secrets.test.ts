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

function arrange(failures: (Error | undefined)[] = []) {
  const redactor = createRedactor();
  const looks: string[] = [];
  const lines: string[] = [];
  const said: string[] = [];
  const smoke = async () => {
    said.push(redactor.text("it answered tiger-and-lion"));
    return { outcome: "paused", summary: "", next: "" } as const;
  };
  const handlers = knowingSecrets({ smoke, checkpoint: smoke, "traffic.restore": smoke } as unknown as StepHandlers, {
    functionNames: async () => ["api-handler", "authorizer"],
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
  const context = { line: (text: string) => lines.push(text) } as unknown as StepContext;
  return { handlers, context, looks, lines, said };
}

test("what functions have in their variables is known before the first step says anything, and looked at once", async () => {
  const { handlers, context, looks, said } = arrange();
  await handlers.smoke(context);
  await handlers.checkpoint(context);
  expect(said).toEqual(["it answered (redacted)", "it answered (redacted)"]);
  expect(looks).toEqual(["api-handler", "authorizer"]);
});

test("functions that cannot be looked at stop no step, and are looked at again before the next", async () => {
  const { handlers, context, lines, said } = arrange([unreachable]);
  await handlers.smoke(context);
  await handlers.checkpoint(context);
  expect(said).toEqual(["it answered tiger-and-lion", "it answered (redacted)"]);
  expect(lines).toEqual(["which secrets the functions have could not be seen: Lambda does not answer"]);
});

test("a bug of ours is none of that", async () => {
  const { handlers, context } = arrange([new TypeError("bug")]);
  await expect(handlers.smoke(context)).rejects.toThrow("bug");
});

test("traffic that goes back waits for no look", async () => {
  const { handlers, context, looks } = arrange();
  await handlers["traffic.restore"](context);
  expect(looks).toEqual([]);
});

// The guide, typed from its first page to its last by somebody in a clone of what is committed: with the real CLI, Terraform and AWS CLI, against
// a local AWS that prod is live on. Each command is typed as docs/guide has it, and what comes of it is looked at.
// SLIPWAY_WALK_TRANSCRIPT=FILE keeps all that was typed and said.
import { afterAll, beforeAll, describe, test } from "vitest";
import { oneLine } from "./guide/one-line.ts";
import { pages } from "./guide/walk/pages.ts";
import { readPage } from "./guide/walk/read-pages.ts";
import { Walk } from "./guide/walk/walk.ts";

let walk: Walk;

beforeAll(async () => {
  walk = await Walk.open();
}, 1_800_000);

afterAll(() => walk?.close());

describe.each(pages)("$file", (page) => {
  for (const { section, text, isFirst, step } of readPage(page)) {
    const name = `${section}: ${oneLine(text)}`;
    if ("leftOut" in step) {
      // With its reason, which guide-commands.test.ts asks for.
      test.skip(`${name} (${step.leftOut})`, () => {});
      continue;
    }
    test(name, async () => {
      if (isFirst) {
        walk.toRoot();
      }
      await walk.take(step, text);
    });
  }
});

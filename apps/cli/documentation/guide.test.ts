import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ReleasePlan, stepKinds } from "@slipway/contracts";
import { CHECKLIST_SECTIONS, waivableChecks } from "@slipway/release-engine";
import { planRelease, planRestore, planRollback, planUndo, restoreStep, settleStep } from "@slipway/release-plan";
import { expect, test } from "vitest";
import { fillParts } from "./fill-parts.ts";
import { generatedDocuments } from "./generated-documents.ts";
import { GUIDE_PAGES, guideLink } from "./guide-link.ts";
import { readMarkdown } from "./read-markdown.ts";

const repository = resolve(import.meta.dirname, "../../..");
const guide = join(repository, "docs/guide");
const source = (page: string) => readFileSync(join(guide, page), "utf8");
const pages = readdirSync(guide);

const documents = await generatedDocuments(repository);

test.each(documents)("$file is current: npm run docs", ({ file, content }) => {
  expect(readFileSync(join(repository, file), "utf8")).toBe(content);
});

/** The headings of the original, by its chapters. */
const ORIGINAL: Readonly<Record<string, readonly string[]>> = {
  "Pre-Deployment Checklist": CHECKLIST_SECTIONS,
  "Deployment Procedures": [
    "Phase 1: Infrastructure Deployment",
    "Step 1: Prepare Infrastructure Changes",
    "Step 2: Review and Approve Changes",
    "Step 3: Apply Infrastructure Changes",
    "Step 4: Validate Infrastructure",
    "Phase 2: Lambda Deployment",
    "Step 1: Build and Package Lambda Code",
    "Step 2: Upload Code to S3",
    "Step 3: Verify Lambda Deployment",
    "Phase 3: Smoke Testing",
    "Step 1: Run Smoke Tests",
    "Step 2: Monitor Logs",
    "Step 3: Verify Metrics",
  ],
  "Post-Deployment Validation": [
    "Immediate Validation (First 5 minutes)",
    "Short-term Validation (First hour)",
    "Extended Validation (First 24 hours)",
    "Validation Commands",
  ],
  "Rollback Procedures": [
    "Scenario 1: Lambda Code Issues",
    "Scenario 2: Infrastructure Issues",
    "Scenario 3: Database Issues",
    "Rollback Checklist",
  ],
  "Incident Response": [
    "Incident Classification",
    "Incident Response Workflow",
    "Step 1: Detect Incident",
    "Step 2: Assess Impact",
    "Step 3: Investigate Root Cause",
    "Step 4: Implement Fix",
    "Step 5: Verify Resolution",
    "Step 6: Post-Incident",
    "Incident Response Checklist",
  ],
  "Monitoring & Alerting": [
    "CloudWatch Alarms",
    "Lambda Error Rate",
    "Lambda Duration",
    "DynamoDB Throttling",
    "CloudWatch Dashboard",
    "Log Insights Queries",
    "Error Analysis",
    "Performance Analysis",
    "Request Analysis",
  ],
};

test.each(Object.entries(ORIGINAL))("%s has the sections of the original, in its order", (chapter, sections) => {
  const { headings } = readMarkdown(source(GUIDE_PAGES[chapter] ?? ""));

  expect(headings.map(({ text }) => text)).toEqual([chapter, ...sections]);
});

const common = { environment: "prod", release: "r13", source: { commit: null, tree: null, dirty: false } } as const;
const functions = [{ function: "api-handler", functionName: "api-handler-prod", from: "8", version: "7" }] as never;
const restore = { table: "items", tableName: "items-prod", restoredName: "x", to: { time: "2026-11-28T16:15:00Z" } };
const undo = { table: "items", tableName: "items-prod", from: "", to: "", confirmed: { items: 1 } };
/** One of each kind, so that every step that there is is in one of them. */
const plans: readonly ReleasePlan[] = [
  planRelease(
    { ...common, previous: "r12", functions: ["api-handler"] },
    { approvals: 1, canary: [{ percent: 10, holdSeconds: 300 }] },
  ),
  planRollback({ ...common, from: "r12", to: "r11", parts: ["code", "infrastructure"], functions, approvals: 1 }),
  ...[true, false].map((switches) =>
    planRestore({
      ...{ ...common, from: "r12", restore: restore as never, switches, freezes: switches },
      ...{ functions, approvals: 1 },
    }),
  ),
  planUndo({ ...common, current: "r12", undo: undo as never }),
];

test("every step of every plan leads to a section that is there, and the section names it", () => {
  const steps = [...plans.flatMap((plan) => plan.steps), restoreStep, settleStep];

  for (const { kind, guide: section } of steps) {
    const [, page = "", anchor] = /\]\(([^#)]+)(?:#([^)]+))?\)$/.exec(guideLink(section)) ?? [];
    expect(existsSync(join(guide, page)), `${kind}: ${section}`).toBe(true);
    const text = source(page);
    const { headings } = readMarkdown(text);
    if (anchor !== undefined) {
      expect(
        headings.map((heading) => heading.anchor),
        `${kind}: ${section}`,
      ).toContain(anchor);
    }
    expect(text, `${section} does not name ${kind}`).toContain(`\`${kind}`);
  }
});

test("every kind of step and every check is named somewhere in the guide", () => {
  const all = pages.map(source).join("\n");
  const checks = waivableChecks.filter((id) => !/^(?:deployment|validation\.(?!immediate|short|extended))/.test(id));

  expect(stepKinds.filter((kind) => !all.includes(`\`${kind}`))).toEqual([]);
  expect(checks.filter((id) => !all.includes(`\`${id}\``))).toEqual([]);
  expect(checks.length).toBeGreaterThan(40);
});

test("every section that says what was changed against the original is in the list of corrections, and leads there", () => {
  const corrected = new Set(readMarkdown(source("corrections.md")).links);
  const sections = Object.values(GUIDE_PAGES).flatMap((page) => {
    const { headings } = readMarkdown(source(page));
    const texts = source(page).split(/^#{1,6} .+$/m);
    return headings
      .map(({ anchor, depth }, index) => ({
        link: depth === 1 ? page : `${page}#${anchor}`,
        text: texts[index + 1] ?? "",
      }))
      .filter(({ text }) => /\*\*Changed:\*\*[^*]*\]\(corrections\.md#/.test(text));
  });

  expect(sections.length).toBeGreaterThan(12);
  expect(sections.map(({ link }) => link).filter((link) => !corrected.has(link))).toEqual([]);
});

test("a part has a name that something makes, and an end", () => {
  expect(fillParts("a\n<!-- made: x -->\nold\n<!-- /made -->\nb\n", { x: "new\n" })).toBe(
    "a\n<!-- made: x -->\n\nnew\n\n<!-- /made -->\nb\n",
  );
  expect(() => fillParts("<!-- made: y -->\n<!-- /made -->\n", { x: "" })).toThrow("nothing makes the part 'y'");
  expect(() => fillParts("<!-- made: x -->\n", { x: "" })).toThrow("a part has no end");
});

import { describe, expect, test } from "vitest";
import { planMarkdown } from "./plan-markdown.ts";
import { renderPlanSummary } from "./render-plan-summary.ts";
import { planSummary } from "./test/plan-summary.ts";

const SECOND = { id: "plan.delete-stateful", severity: "high", status: "fail", reason: "r", next: "n" } as const;

describe("a plan in a terminal", () => {
  test("says the risks first, then what is lost, then the rest", () => {
    expect(renderPlanSummary(planSummary(), "AWS", 80)).toMatchInlineSnapshot(`
      "prod on AWS: 15 to add, 1 to change, 2 to destroy (1 of them replaced); STOPPED
        by 1 finding
      r12, plan 3f2a9c1b0d7e of commit 1a2b3c4d5e6f, on serial 41 of the state,
        2026-11-28 12:30 UTC

      Risks
        STOPS  plan.replace-stateful
                 module.items.module.table.aws_dynamodb_table.this hash_key
               The table would be deleted and made anew because of hash_key: what is
                 in it is lost.
               Next: keep the arguments that force it, or move the data first and
                 approve the replacement by name
        later  iam.unreadable
                 module.items.aws_s3_bucket_policy.this
               The policy is made of what the apply makes, so nobody knows yet what it
                 allows.
               Next: judge it again after the apply
        low    tags.required
                 aws_sqs_queue.a tags
                 aws_sqs_queue.b tags
                 aws_sqs_queue.c tags
                 and 2 more
               It lacks the tag Service: nobody can tell whose it is, what it costs
                 them, and whether it may go.
               Next: add it to the provider's default_tags, or to the resource's tags

      Destroyed: 1
        module.items.aws_cloudwatch_log_group.audit

      Replaced (destroyed and made anew): 1
        module.items.module.table.aws_dynamodb_table.this  because of hash_key

      Changed: 1
        module.items.module.function.aws_lambda_function.this  memory_size, timeout

      Moved (renamed, nothing happens to them): 1
        module.items.aws_sqs_queue.jobs  from aws_sqs_queue.jobs

      Added: 14
        module.items.aws_sqs_queue.q0
        module.items.aws_sqs_queue.q1
        module.items.aws_sqs_queue.q2
        module.items.aws_sqs_queue.q3
        module.items.aws_sqs_queue.q4
        module.items.aws_sqs_queue.q5
        module.items.aws_sqs_queue.q6
        module.items.aws_sqs_queue.q7
        module.items.aws_sqs_queue.q8
        module.items.aws_sqs_queue.q9
        and 4 more: 4 aws_sqs_queue

      Outputs that change: api_url.
      1 finding accepted in slipway.config.ts.
      "
    `);
  });

  test.each([80, 120])("has no line wider than %i columns", (columns) => {
    const address = `module.${"very_long_name".repeat(8)}.aws_sqs_queue.this`;
    const summary = planSummary();
    const resources = [
      {
        address,
        type: "aws_sqs_queue",
        action: "change" as const,
        attributes: Array.from({ length: 20 }, (_, index) => `attribute_${index}`),
        because: [],
      },
    ];
    const text = renderPlanSummary(
      { ...summary, resources: [...summary.resources, ...resources] },
      "local AWS at http://127.0.0.1:4566",
      columns,
    );

    expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(columns);
  });

  test("lists everything that stops it, since each is accepted by its name", () => {
    const findings = Array.from({ length: 9 }, (_, index) => ({ ...SECOND, address: `aws_sqs_queue.q${index}` }));
    const text = renderPlanSummary(planSummary({ findings }), "AWS", 80);

    for (const { address } of findings) {
      expect(text).toContain(address);
    }
  });

  test("does not do what a name in it says", () => {
    const resources = [
      { address: 'a.b["\u001b[2J\u202e"]', type: "a", action: "add" as const, attributes: [], because: [] },
    ];

    expect(renderPlanSummary(planSummary({ resources }), "AWS", 80)).toContain('a.b["\\x1b[2J\\u202e"]');
  });

  test("says that there is nothing", () => {
    const counts = { add: 0, change: 0, destroy: 0 };
    const empty = {
      changed: false,
      counts,
      resources: [],
      findings: [],
      outputs: [],
      gate: "open",
      release: null,
    } as const;

    expect(
      renderPlanSummary(planSummary({ ...empty, resources: [], findings: [], outputs: [] }), "AWS", 80),
    ).toMatchInlineSnapshot(`
      "prod on AWS: no changes
      plan 3f2a9c1b0d7e of commit 1a2b3c4d5e6f, on serial 41 of the state, 2026-11-28
        12:30 UTC
      "
    `);
  });
});

describe("a plan as Markdown", () => {
  test("says the same", () => {
    expect(planMarkdown(planSummary(), "AWS")).toMatchInlineSnapshot(`
      "## Plan of prod on AWS

      ⛔ **15 to add, 1 to change, 2 to destroy \\(1 of them replaced\\); STOPPED by 1 finding**

      r12, plan \`3f2a9c1b0d7e\` of commit 1a2b3c4d5e6f, on serial 41 of the state, 2026\\-11\\-28 12:30 UTC

      ### Risks

      - **STOPS** \`plan.replace-stateful\` at \`module.items.module.table.aws_dynamodb_table.this hash_key\`<br>The table would be deleted and made anew because of hash\\_key: what is in it is lost.<br>Next: keep the arguments that force it, or move the data first and approve the replacement by name
      - **later** \`iam.unreadable\` at \`module.items.aws_s3_bucket_policy.this\`<br>The policy is made of what the apply makes, so nobody knows yet what it allows.<br>Next: judge it again after the apply
      - **low** \`tags.required\` at \`aws_sqs_queue.a tags\`, \`aws_sqs_queue.b tags\`, \`aws_sqs_queue.c tags\`, and 2 more<br>It lacks the tag Service: nobody can tell whose it is, what it costs them, and whether it may go.<br>Next: add it to the provider's default\\_tags, or to the resource's tags

      ### Destroyed: 1

      - \`module.items.aws_cloudwatch_log_group.audit\`

      ### Replaced \\(destroyed and made anew\\): 1

      - \`module.items.module.table.aws_dynamodb_table.this\`: because of hash\\_key

      ### Changed: 1

      - \`module.items.module.function.aws_lambda_function.this\`: memory\\_size, timeout

      ### Moved \\(renamed, nothing happens to them\\): 1

      - \`module.items.aws_sqs_queue.jobs\`: from aws\\_sqs\\_queue.jobs

      ### Added: 14

      - \`module.items.aws_sqs_queue.q0\`
      - \`module.items.aws_sqs_queue.q1\`
      - \`module.items.aws_sqs_queue.q2\`
      - \`module.items.aws_sqs_queue.q3\`
      - \`module.items.aws_sqs_queue.q4\`
      - \`module.items.aws_sqs_queue.q5\`
      - \`module.items.aws_sqs_queue.q6\`
      - \`module.items.aws_sqs_queue.q7\`
      - \`module.items.aws_sqs_queue.q8\`
      - \`module.items.aws_sqs_queue.q9\`
      - and more: 4 \`aws_sqs_queue\`

      Outputs that change: api\\_url.

      1 finding accepted in slipway.config.ts.
      "
    `);
  });

  test("shows what is in it as text, and calls nobody", () => {
    const address = 'a.b["`<img src=x onerror=alert(1)>`|\n# @team"]';
    const evil = "**bold** <script> @acme/admins [x](javascript:alert(1)) https://evil.example #1 | \n# heading";
    const findings = [{ ...SECOND, address, reason: evil, next: evil }];
    const resources = [{ address, type: "a", action: "destroy" as const, attributes: [], because: [] }];
    const markdown = planMarkdown(planSummary({ findings, resources, outputs: [evil] }), "AWS");
    const outside = markdown.replaceAll(/(`+) ?[^\n]*?[^`] ?\1(?!`)/g, "CODE");

    expect(outside.replaceAll("<br>", "")).not.toMatch(/<|>(?!\s)|@\w|https?:\/\/|[^\\]\[x|[^\\*]\*\*bold/);
    expect(markdown.split("\n").filter((line) => line.startsWith("#"))).toEqual([
      "## Plan of prod on AWS",
      "### Risks",
      "### Destroyed: 1",
    ]);
    expect(markdown).toContain("``a.b");
  });
});

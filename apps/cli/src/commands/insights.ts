import type { InsightsAnswer, LogsReader, MonitoredResources } from "@slipway/release-engine";
import { formatTime } from "../charts/format-time.ts";
import { glyphsFor } from "../charts/glyphs.ts";
import type { Command, CommandIo } from "../command.ts";
import type { NamedQuery } from "../insights/saved-query-names.ts";
import { checkTimeRange, MOMENT_HELP, parseTimeRange } from "../parse-time-range.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

interface InsightsOptions extends TargetOptions {
  readonly since?: string;
  readonly until?: string;
  readonly group?: string;
  readonly limit?: string;
  readonly output?: "text" | "json" | "csv";
}

const DEFAULT_SINCE = "1h";
const DEFAULT_SINCE_MS = 3_600_000;
/** Rows that AWS gives where nobody says how many, and the most that it gives. */
const DEFAULT_LIMIT = 10_000;
const MOST_ROWS = 100_000;

/** `slipway insights`: asks Logs Insights about an environment, in its own language or by a saved query's name. */
export const insights: Command = {
  name: "insights",
  summary: "ask Logs Insights about an environment: a saved query, or one in its own language; all times are UTC",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    {
      name: "[query]",
      description:
        "error-analysis, performance-analysis, request-analysis or another saved one, or a query (default: list those that are saved)",
    },
  ],
  options: [
    { flags: "--since <time>", description: `${MOMENT_HELP} (default: ${DEFAULT_SINCE})` },
    { flags: "--until <time>", description: "the same (default: now)" },
    {
      flags: "--group <name>",
      description:
        "log group to ask; the end of its name will do, or api (default: the functions' or the saved query's)",
    },
    { flags: "--limit <n>", description: `rows at most, up to ${MOST_ROWS} (default: ${DEFAULT_LIMIT})` },
    ...TARGET_OPTIONS,
    {
      flags: "--output <format>",
      description: "text, one JSON document, or CSV (RFC 4180)",
      choices: ["text", "json", "csv"],
      default: "text",
    },
  ],
  examples: [
    "slipway insights prod",
    "slipway insights prod error-analysis --since 30m",
    "slipway insights prod request-analysis --since 2026-11-28T02:00 --until 2026-11-28T03:00 --output csv",
    `slipway insights prod "filter status >= 500 | stats count(*) as requests by operation, functionVersion"`,
    `slipway insights prod "stats count(*) by status" --group api`,
  ],
  json: { documents: ["insights-answer", "saved-queries"] },
  async run(options: InsightsOptions, io: CommandIo, [name = "", text]: readonly string[]): Promise<number> {
    // What is typed wrong should be said at once.
    checkTimeRange(options);
    const limit = options.limit === undefined ? undefined : rowsOf(options.limit);
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ AwsLogsReader }, { viewEnvironment }, { findQuery }] = await Promise.all([
      import("@slipway/aws/logs"),
      import("../target/view-environment.ts"),
      import("../insights/saved-query-names.ts"),
    ]);
    const { target, client, resources, clock } = await viewEnvironment(options, io, name);
    const reader = new AwsLogsReader(client);
    try {
      const saved = await savedQueries(reader, resources, io.signal);
      if (text === undefined || text.trim() === "") {
        return await list(saved, options, io, { environment: name, target: target.label });
      }
      const known = findQuery(saved, text, name);
      const request = { groups: await groupsOf(known, resources, options, name), query: known?.query ?? text, limit };
      const window = parseTimeRange(options, DEFAULT_SINCE_MS, clock.now());
      const title = known?.word ?? "query";
      const answer = await ask({ reader, request, window, title }, io);
      const about = { environment: name, target: target.label, ...(known === undefined ? {} : { name: known.name }) };
      await show({ ...about, ...request, ...window }, answer, options, io);
      return 0;
    } finally {
      reader.close();
    }
  },
};

function rowsOf(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > MOST_ROWS) {
    throw new UserError(`--limit: '${text}' is no whole number from 1 to ${MOST_ROWS}.`);
  }
  return limit;
}

async function savedQueries(
  reader: LogsReader,
  resources: MonitoredResources,
  signal: AbortSignal,
): Promise<readonly NamedQuery[]> {
  const { nameQueries, queryFolders } = await import("../insights/saved-query-names.ts");
  const found = await Promise.all(queryFolders(resources).map((folder) => reader.savedQueries(folder, signal)));
  const byName = new Map(found.flat().map((query) => [query.name, query]));
  return nameQueries([...byName.values()]);
}

/** Those of the flag, else those that were saved with the query, else the functions'. */
async function groupsOf(
  known: NamedQuery | undefined,
  resources: MonitoredResources,
  { group }: InsightsOptions,
  name: string,
): Promise<readonly string[]> {
  if (group === undefined && known !== undefined && known.groups.length > 0) {
    return known.groups;
  }
  const { chooseLogGroups } = await import("../logs/choose-log-groups.ts");
  return chooseLogGroups(resources, { group }, name).map((each) => each.group);
}

interface Asked {
  readonly reader: LogsReader;
  readonly request: Parameters<LogsReader["query"]>[0];
  readonly window: Parameters<LogsReader["query"]>[1];
  readonly title: string;
}

async function ask({ reader, request, window, title }: Asked, io: CommandIo): Promise<InsightsAnswer> {
  const progress = new ProgressPrinter(io);
  try {
    progress.report({ type: "phase-started", phase: "query", title });
    progress.report({ type: "phase-line", phase: "query", text: request.groups.join(", ") });
    return await reader.query(request, window, io.signal);
  } finally {
    progress.stop();
  }
}

interface About {
  readonly environment: string;
  readonly target: string;
  readonly name?: string;
  readonly query: string;
  readonly groups: readonly string[];
  readonly limit?: number;
  readonly from: number;
  readonly to: number;
}

async function show(about: About, answer: InsightsAnswer, { output }: InsightsOptions, io: CommandIo): Promise<void> {
  const [{ answerCsv, answerSummary, renderAnswer }, { escapeControlsInJson }, { writeResult }] = await Promise.all([
    import("../insights/render-answer.ts"),
    import("../terminal/escape-controls.ts"),
    import("../terminal/write-result.ts"),
  ]);
  const note = (text: string) => io.stderr.write(`${text}\n`);
  const { limit, from, to, ...rest } = about;
  if (output === "json") {
    const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    await writeResult(io, `${escapeControlsInJson(JSON.stringify({ version: 1, ...rest, ...times, ...answer }))}\n`);
  } else if (output === "csv") {
    await writeResult(io, answerCsv(answer, { isTerminal: io.isStdoutTty === true }));
  } else {
    const { text, isCut } = renderAnswer(
      answer,
      io.isStdoutTty === true ? io.columns : undefined,
      glyphsFor(io.env).ellipsis,
    );
    await writeResult(io, text);
    if (isCut) {
      note("Texts are cut to the terminal's width; --output csv and json have them whole.");
    }
  }
  const where =
    answer.rows.length === 0 ? ` from ${formatTime(from)} to ${formatTime(to)} in ${rest.groups.join(", ")}` : "";
  note(`${answerSummary(answer)}${where}.`);
  if (answer.rows.length >= (limit ?? DEFAULT_LIMIT)) {
    note(
      `These are the first ${answer.rows.length.toLocaleString("en-US")} rows; there may be more. Ask for more with --limit, or about less.`,
    );
  }
}

async function list(
  saved: readonly NamedQuery[],
  { output }: InsightsOptions,
  io: CommandIo,
  place: { readonly environment: string; readonly target: string },
): Promise<number> {
  const { environment } = place;
  const [{ fittedTable }, { csv }, { escapeControlsInJson }] = await Promise.all([
    import("../terminal/fitted-table.ts"),
    import("../terminal/csv.ts"),
    import("../terminal/escape-controls.ts"),
  ]);
  const heading = ["query", "saved as", "log groups"];
  const rows = saved.map(({ word, name: full, groups }) => [word, full, groups.join(" ")]);
  if (output === "json") {
    io.stdout.write(`${escapeControlsInJson(JSON.stringify({ version: 1, ...place, queries: saved }))}\n`);
  } else if (output === "csv") {
    io.stdout.write(csv([heading, ...rows]));
  } else if (saved.length > 0) {
    io.stdout.write(
      fittedTable([heading, ...rows], io.isStdoutTty === true ? io.columns : undefined, glyphsFor(io.env).ellipsis)
        .text,
    );
  }
  io.stderr.write(
    saved.length === 0
      ? `No queries are saved for ${environment}. Ask one of your own: slipway insights ${environment} "stats count(*) by bin(5m)"\n`
      : `Ask one: slipway insights ${environment} ${saved[0]?.word ?? ""}\n`,
  );
  return 0;
}

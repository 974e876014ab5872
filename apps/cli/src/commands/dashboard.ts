import type { MonitoredResources } from "@slipway/release-engine";
import { glyphsFor } from "../charts/glyphs.ts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { ShownDashboard } from "../dashboard/render-dashboard.ts";
import { checkTimeRange, MOMENT_HELP, parseTimeRange } from "../parse-time-range.ts";
import { isRealAws, TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import type { OpenedView } from "../target/view-environment.ts";
import { wantsColour } from "../terminal/paint.ts";
import { UserError } from "../user-error.ts";

interface DashboardOptions extends TargetOptions {
  readonly window?: string;
  readonly since?: string;
  readonly until?: string;
  readonly open?: boolean;
  readonly url?: boolean;
  readonly ascii?: boolean;
  readonly output?: "text" | "json";
}

/** What a dashboard of CloudWatch looks back where it does not say. */
const DEFAULT_MS = 3 * 3_600_000;

/** `slipway dashboard`: the deployed dashboard, in the terminal or in the console. */
export const dashboard: Command = {
  name: "dashboard",
  summary: "show an environment's dashboard in the terminal, or its address in the console; all times are UTC",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    { name: "[name]", description: "one dashboard of several (default: all)" },
  ],
  options: [
    ...TARGET_OPTIONS,
    {
      flags: "--window <span>",
      description: "how far back, such as 30m or 1d (default: what the dashboard says, or 3h)",
    },
    { flags: "--since <time>", description: `when it begins: ${MOMENT_HELP}` },
    { flags: "--until <time>", description: "when it ends (default: now)" },
    { flags: "--url", description: "print the address in the console of AWS, and nothing else" },
    { flags: "--open", description: "open it in the console of AWS" },
    { flags: "--ascii", description: "draw with plain characters (default: where LC_ALL or LANG is not UTF-8)" },
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway dashboard prod",
    "slipway dashboard prod --window 1d",
    "slipway dashboard prod --open",
    "slipway dashboard prod --local",
  ],
  json: { documents: ["dashboards-report"] },
  async run(options: DashboardOptions, io: CommandIo, [environment = "", name]: readonly string[]): Promise<number> {
    checkTimeRange(options);
    if (options.output === "json" && (options.url === true || options.open === true)) {
      throw new UserError(
        `${options.url === true ? "--url" : "--open"}: is about the console. Leave it or --output json out.`,
      );
    }
    const { viewEnvironment } = await import("../target/view-environment.ts");
    const view = await viewEnvironment(options, io, environment);
    const names = namesOf(view.resources, environment, name);
    if (options.url === true || options.open === true) {
      if (isRealAws(view.target)) {
        const { showAddresses } = await import("../dashboard/show-addresses.ts");
        return await showAddresses(names, view.target.region, options.open === true, io);
      }
      io.stderr.write(`${view.target.label} has no console, so the dashboard is shown here.\n`);
    }
    return await showHere(environment, names, view, options, io);
  },
};

/** @throws UserError when there is none, or none of that name */
function namesOf({ dashboards }: MonitoredResources, environment: string, name: string | undefined): readonly string[] {
  if (dashboards.length === 0) {
    throw new UserError(`${environment} has no dashboard: its Terraform state names none.`);
  }
  if (name !== undefined && !dashboards.includes(name)) {
    throw new UserError(`name: ${environment} has no dashboard '${name}'. It has ${dashboards.join(", ")}.`);
  }
  return name === undefined ? dashboards : [name];
}

async function showHere(
  environment: string,
  names: readonly string[],
  { client, clock, target }: OpenedView,
  options: DashboardOptions,
  io: CommandIo,
): Promise<number> {
  // Loaded now, because they bring the SDK: `slipway --help` should not wait for it.
  const [
    aws,
    { AwsLogsReader },
    { parseDashboardBody },
    { readDashboard },
    { renderDashboard },
    { dashboardsJson },
    { finestPeriod, periodInWords },
  ] = await Promise.all([
    import("@slipway/aws"),
    import("@slipway/aws/logs"),
    import("@slipway/release-engine"),
    import("../dashboard/read-dashboard.ts"),
    import("../dashboard/render-dashboard.ts"),
    import("../dashboard/dashboard-json.ts"),
    import("../metrics/choose-period.ts"),
  ]);
  const now = clock.now();
  const opened: { close(): void }[] = [];
  /** A reader for each Region, since a widget may look at another one. */
  const perRegion = <T extends { close(): void }>(make: (settings: typeof client) => T) => {
    const made = new Map<string, T>();
    return (region: string) => {
      const known = made.get(region);
      if (known !== undefined) {
        return known;
      }
      const reader = make({ ...client, region });
      made.set(region, reader);
      opened.push(reader);
      return reader;
    };
  };
  const dashboardsReader = new aws.AwsDashboardsReader(client);
  const alarms = new aws.AwsAlarmsReader(client);
  opened.push(dashboardsReader, alarms);
  const sources = {
    ...{ region: client.region, alarms },
    metricsIn: perRegion((settings) => new aws.AwsMetricsReader(settings)),
    logsIn: perRegion((settings) => new AwsLogsReader(settings)),
  };
  try {
    const shown: ShownDashboard[] = [];
    for (const name of names) {
      const text = await dashboardsReader.body(name, io.signal);
      if (text === undefined) {
        throw new UserError(
          `The dashboard ${name} is in the state, and not on ${target.label}. Apply the infrastructure: it makes it again.`,
        );
      }
      const body = parseDashboardBody(name, text);
      const window = parseTimeRange(options, body.lookBackMs ?? DEFAULT_MS, now);
      const finest = finestPeriod(window, now);
      const widgets = await readDashboard(body, { ...sources, finestPeriod: finest }, window, io.signal);
      if (finest > 60) {
        io.stderr.write(`CloudWatch has forgotten what is finer: values are ${periodInWords(finest)}, or longer.\n`);
      }
      shown.push({ name, target: target.label, window, widgets });
    }
    if (options.output === "json") {
      io.stdout.write(dashboardsJson(shown, { environment, target: target.label }));
    } else {
      const look = {
        glyphs: glyphsFor(io.env, options.ascii),
        colour: io.isStdoutTty === true && wantsColour(io.env),
        now,
      };
      io.stdout.write(shown.map((each) => renderDashboard(each, io.columns, look)).join("\n"));
    }
    const failed = shown
      .flatMap(({ widgets }) => widgets)
      .filter(({ content }) => "isFailure" in content && content.isFailure);
    if (failed.length > 0) {
      io.stderr.write(`slipway: ${failed.length} widget${failed.length === 1 ? "" : "s"} could not be shown.\n`);
    }
    return failed.length > 0 ? 1 : 0;
  } finally {
    for (const each of opened) {
      each.close();
    }
  }
}

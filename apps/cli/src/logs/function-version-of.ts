import type { LogLine } from "./log-line.ts";

/**
 * The version of the function that wrote an event. Each version's environments write streams of their own, whose names say it:
 * `2026/11/28/[7]4f1c...`, in a group that functions share `2026/11/28/api[7]4f1c...`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
 */
export function functionVersionOf(stream: string, line: LogLine): string | undefined {
  return /\[(\$LATEST|\d+)\][0-9a-f]+$/.exec(stream)?.[1] ?? line.version;
}

import { escapeControls } from "../terminal/escape-controls.ts";
import { formatMilliseconds } from "../terminal/format-milliseconds.ts";
import type { Paint } from "../terminal/paint.ts";
import { cutSegments, renderSegments, type Segment, wrapSegments } from "../terminal/segments.ts";
import type { LambdaReport, LoggedError, LogLine } from "./log-line.ts";

/** A line and where it stands. */
export interface PlacedLine {
  readonly line: LogLine;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whose log it is, where there are several; all of the same width. */
  readonly source?: string;
  /** Version of the function; `undefined` for what is no function. */
  readonly version?: string;
}

/** Where lines are written to. */
export interface LineStyle {
  /** A terminal's width, to which lines are broken; `undefined` for a file or a pipe, where each line is as long as it is. */
  readonly columns?: number;
  readonly hasColour: boolean;
  /** For what is cut off; one column wide. */
  readonly ellipsis?: string;
}

/** From here on there is room for what can be copied whole. */
const WIDE = 120;
const SHORT_ID = 8;
const OPERATION_WIDTH = 12;
const DURATION_WIDTH = 8;
const LEVEL_WIDTH = 6;
const VERSION_WIDTH = 3;
const MORE = "    ";

/**
 * A line for people; further lines when it is long or tells of an error. Nothing for the beginning and the end of an invocation.
 *
 *     08:51:01.080  v2   WARN   getItem      Temporarily unavailable  174ed07d
 *         ProvisionedThroughputExceededException: Rate exceeded
 *           at handleError (index.cjs:27:7033)
 *     08:51:01.082  v2   INFO   getItem      503   1.66 s  174ed07d  GET /items/{id}
 *     08:51:01.083  v2   REPORT 1.66 s, billed 1.66 s, 64 of 512 MB  55dc79d1
 *
 * @returns lines without line ends
 */
export function renderLogLine(placed: PlacedLine, style: LineStyle): string[] {
  const { line } = placed;
  const head = headOf(placed, style);
  if (line.kind === "boundary") {
    return [];
  }
  if (line.kind === "request") {
    return [cut([...head, ...requestSegments(line, style)], style)];
  }
  if (line.kind === "report") {
    const meaning = line.level === undefined ? "faint" : "bad";
    const body = [measures(line.report), shortId(line.requestId, style)].filter((part) => part !== "").join("  ");
    return [cut([...head, { text: body, meaning }], style)];
  }
  const [first = "", ...more] = line.message.split("\n").map((each) => escapeControls(each).trimEnd());
  const body: Segment[] =
    line.kind === "text"
      ? [{ text: first, meaning: "plain" }]
      : [
          {
            text: line.operation === undefined ? "" : `${pad(escapeControls(line.operation), OPERATION_WIDTH)} `,
            meaning: "plain",
          },
          { text: first, meaning: "plain" },
          ...messageRest(line, style),
        ];
  return [
    ...flow(head, body, style),
    ...more.flatMap((each) => lines([{ text: MORE + each, meaning: "plain" }], style)),
    ...errorLines(line.error, style),
  ];
}

function headOf({ line, at, source, version }: PlacedLine, { columns }: LineStyle): Segment[] {
  const time = new Date(at).toISOString();
  const level = line.kind === "report" ? "REPORT" : (line.level ?? "");
  return [
    // In a terminal the day is said where it begins.
    { text: `${columns === undefined ? time : time.slice(11, 23)}  `, meaning: "faint" },
    ...(source === undefined ? [] : [{ text: `${source}  `, meaning: "faint" } as const]),
    { text: `${pad(version === undefined ? "" : version.replace(/^(?=\d)/, "v"), VERSION_WIDTH)}  `, meaning: "plain" },
    { text: `${pad(level, LEVEL_WIDTH)} `, meaning: meaningOf(line) },
  ];
}

function meaningOf({ level, kind }: LogLine): Paint {
  if (level === "ERROR" || level === "FATAL") {
    return "bad";
  }
  return level === "WARN" ? "warning" : level === "DEBUG" || level === "TRACE" || kind === "report" ? "faint" : "plain";
}

function requestSegments(line: Extract<LogLine, { kind: "request" }>, style: LineStyle): Segment[] {
  const { operation, method, path, status, durationMs, requestId, isColdStart, message } = line;
  const duration = durationMs === undefined ? "" : formatMilliseconds(durationMs);
  const asked = [method, path].filter((part) => part !== undefined).join(" ");
  // An access log has no operations: what was asked stands in their place.
  const what = operation ?? asked;
  const behind = [
    message ?? "",
    shortId(requestId, style),
    operation === undefined ? "" : asked,
    isColdStart ? "cold" : "",
  ].filter((part) => part !== "");
  return [
    {
      text: `${pad(escapeControls(what), operation === undefined ? ASKED_WIDTH : OPERATION_WIDTH)} `,
      meaning: "plain",
    },
    { text: `${status}`, meaning: status >= 500 ? "bad" : status >= 400 ? "warning" : "plain" },
    { text: ` ${duration.padStart(DURATION_WIDTH)}`, meaning: "plain" },
    { text: `  ${escapeControls(behind.join("  "))}`, meaning: "faint" },
  ];
}

/** `DELETE /items/{id}` */
const ASKED_WIDTH = 18;

function messageRest(line: Extract<LogLine, { kind: "message" }>, style: LineStyle): Segment[] {
  const details = Object.entries(line.details ?? {}).map(([name, value]) => `${name}=${valueText(value)}`);
  const parts = [shortId(line.requestId, style), ...details].filter((part) => part !== "");
  return parts.map((part) => ({ text: `  ${escapeControls(part)}`, meaning: "faint" }));
}

function valueText(value: unknown): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

function measures({
  durationMs,
  billedMs,
  memorySizeMb,
  maxMemoryUsedMb,
  initMs,
  status,
  errorType,
}: LambdaReport): string {
  return [
    durationMs === undefined ? "" : formatMilliseconds(durationMs),
    billedMs === undefined ? "" : `billed ${formatMilliseconds(billedMs)}`,
    maxMemoryUsedMb === undefined ? "" : `${maxMemoryUsedMb} of ${memorySizeMb ?? "?"} MB`,
    initMs === undefined ? "" : `init ${formatMilliseconds(initMs)}`,
    status === undefined ? "" : `${status.toUpperCase()}${errorType === undefined ? "" : ` (${errorType})`}`,
  ]
    .filter((part) => part !== "")
    .map((part) => escapeControls(part))
    .join(", ");
}

/** Short in a narrow terminal, where it only serves to see what belongs together; whole where it will be searched for. */
function shortId(id: string | undefined, { columns }: LineStyle): string {
  return id === undefined ? "" : escapeControls(columns !== undefined && columns < WIDE ? id.slice(0, SHORT_ID) : id);
}

/** A head and what is behind it, broken between words in a terminal; further paragraphs in lines of their own. */
function flow(head: readonly Segment[], body: readonly Segment[], style: LineStyle): string[] {
  return lines([...head, ...body], style, length(head));
}

function errorLines(error: LoggedError | undefined, style: LineStyle): string[] {
  if (error === undefined) {
    return [];
  }
  const { name, message, stack } = error;
  const said = [name, message].filter((part) => part !== undefined).join(": ");
  const frames = (stack ?? "").split("\n").filter((frame) => frame.trim() !== "");
  return [
    ...said.split("\n").flatMap((each) => lines([{ text: MORE + escapeControls(each), meaning: "bad" }], style)),
    ...frames.map((frame) => cut([{ text: `${MORE}  ${escapeControls(frame.trim())}`, meaning: "faint" }], style)),
  ];
}

function lines(segments: readonly Segment[], { columns, hasColour }: LineStyle, head = 0): string[] {
  const broken = columns === undefined ? [segments] : wrapSegments(segments, columns, MORE, head);
  return broken.map((each) => renderSegments(each, hasColour));
}

function cut(segments: readonly Segment[], { columns, hasColour, ellipsis }: LineStyle): string {
  return renderSegments(columns === undefined ? segments : cutSegments(segments, columns, ellipsis), hasColour);
}

function length(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text }) => sum + text.length, 0);
}

function pad(text: string, width: number): string {
  return text.padEnd(width);
}

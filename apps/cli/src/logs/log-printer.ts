import type { LogEvent } from "@slipway/release-engine";
import { escapeControls, escapeControlsInJson } from "../terminal/escape-controls.ts";
import { paint } from "../terminal/paint.ts";
import type { ChosenGroup } from "./choose-log-groups.ts";
import { functionVersionOf } from "./function-version-of.ts";
import type { LogLine } from "./log-line.ts";
import { jsonObject } from "./parse-log-line.ts";
import { type LineStyle, renderLogLine } from "./render-log-line.ts";

/** How events are written. */
export type LogFormat = "text" | "raw" | "json";

/** Turns events into what is written on stdout, one after the other. */
export class LogPrinter {
  readonly #format: LogFormat;
  readonly #style: LineStyle;
  readonly #sources: ReadonlyMap<string, string>;
  #day = "";

  constructor(format: LogFormat, style: LineStyle, groups: readonly ChosenGroup[]) {
    this.#format = format;
    this.#style = style;
    const width = Math.max(...groups.map(({ source }) => source.length));
    this.#sources = new Map(groups.length > 1 ? groups.map(({ group, source }) => [group, source.padEnd(width)]) : []);
  }

  /** Text with its line ends; empty where an event has nothing to say to people. */
  print(event: LogEvent, line: LogLine): string {
    if (this.#format === "json") {
      return `${escapeControlsInJson(JSON.stringify(this.#document(event, line)))}\n`;
    }
    if (this.#format === "raw") {
      // A file gets what was written; a terminal nothing that it would obey.
      const message = event.message.trimEnd();
      return `${this.#style.columns === undefined ? message : escapeControls(message, { lines: true })}\n`;
    }
    const lines = renderLogLine(
      {
        ...{ line, at: event.at, source: this.#sources.get(event.group) },
        version: functionVersionOf(event.stream, line),
      },
      this.#style,
    );
    return lines.length === 0 ? "" : `${[...this.#newDay(event.at), ...lines].join("\n")}\n`;
  }

  #document(event: LogEvent, line: LogLine) {
    const { at, ingestedAt, group, stream, id, message } = event;
    const version = functionVersionOf(stream, line);
    const fields = jsonObject(message.trimEnd());
    return {
      time: new Date(at).toISOString(),
      ingestionTime: new Date(ingestedAt).toISOString(),
      ...{ group, stream, id },
      ...(version === undefined ? {} : { version }),
      ...(fields === undefined ? { message: message.trimEnd() } : { fields }),
    };
  }

  #newDay(at: number): string[] {
    const day = new Date(at).toISOString().slice(0, 10);
    if (this.#style.columns === undefined || day === this.#day) {
      return [];
    }
    this.#day = day;
    return [this.#style.hasColour ? paint(`${day} UTC`, "faint") : `${day} UTC`];
  }
}

import { stripVTControlCharacters } from "node:util";
import type { TimeWindow } from "@slipway/analysis";
import { formatTime } from "../charts/format-time.ts";
import { layOut, type SizedStack, shareWidth } from "./lay-out.ts";
import type { ShownWidget } from "./read-dashboard.ts";
import { renderWidget, type WidgetLook } from "./render-widget.ts";

/** What was read of a dashboard. */
export interface ShownDashboard {
  readonly name: string;
  readonly target: string;
  readonly window: TimeWindow;
  readonly widgets: readonly ShownWidget[];
}

/** A chart that is narrower than this says nothing. */
const LEAST_COLUMNS = 36;

/** A dashboard as it would be on a screen: widgets beside each other where there is room. */
export function renderDashboard(
  { name, target, window, widgets }: ShownDashboard,
  columns: number,
  options: Omit<WidgetLook, "window">,
): string {
  const { from, to } = window;
  const look = { ...options, window };
  const lines = layOut(widgets).flatMap((band) =>
    shareWidth(band, columns, LEAST_COLUMNS).flatMap((line) => ["", ...beside(line, look)]),
  );
  const empty = widgets.length === 0 ? ["", "It has no widgets."] : [];
  return `${[`${name} on ${target}`, `${formatTime(from)} to ${formatTime(to)}`, ...lines, ...empty].join("\n")}\n`;
}

function beside(line: readonly SizedStack<ShownWidget>[], look: WidgetLook): readonly string[] {
  const stacks = line.map(({ widgets, columns }) => ({
    columns,
    lines: widgets.flatMap((widget, index) => [...(index === 0 ? [] : [""]), ...renderWidget(widget, columns, look)]),
  }));
  const height = Math.max(...stacks.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    stacks
      .map(({ lines, columns }) => {
        const text = lines[row] ?? "";
        // Colours take no columns.
        return text + " ".repeat(Math.max(0, columns - stripVTControlCharacters(text).length));
      })
      .join(` ${look.glyphs.axis.line} `)
      .trimEnd(),
  );
}

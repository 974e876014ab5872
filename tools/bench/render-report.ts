import type { Figure, Target } from "./benchmark.ts";
import type { BenchmarkOutcome, BenchReport } from "./run-benchmarks.ts";

/** Widths of the columns; with a space between each two and the longest verdict they come to 80. */
const widths = [23, 9, 9, 7, 13] as const;
const lineWidth = 80;

const signs: Readonly<Record<Target["is"], string>> = { "at least": ">=", "at most": "<=", under: "<" };

/** The report as a table of 80 columns, each target beside its figure. */
export function renderReport(report: BenchReport): string {
  const missed = report.benchmarks.flatMap((outcome) =>
    outcome.failed ? [outcome.name] : outcome.figures.filter(({ met }) => met === false).map(({ name }) => name),
  );
  const end = missed.length === 0 ? "Every target is met." : `Missed: ${missed.join("; ")}.`;
  const quick = report.quick ? ["This was a quick look: too few rounds to judge a change by."] : [];
  return `${[...report.benchmarks.flatMap(renderOutcome), ...quick.flatMap(wrap), ...wrap(end)].join("\n")}\n`;
}

function renderOutcome(outcome: BenchmarkOutcome): string[] {
  const title = wrap(`${outcome.name}: ${outcome.summary}`);
  if (outcome.failed) {
    return [
      ...title,
      ...`failed: ${outcome.reason}`
        .split("\n")
        .flatMap(wrap)
        .map((text) => `  ${text}`),
      "",
    ];
  }
  const { rounds, figures, sides, notes = [] } = outcome;
  const heading = [`  ${rounds === 1 ? "1 round" : `medians of ${rounds}`}`, ...sides, "result", "(rounds)", "target"];
  return [
    ...title,
    columns(heading),
    ...figures.map(renderFigure),
    ...notes.flatMap(wrap).map((text) => `  ${text}`),
    "",
  ];
}

function renderFigure(figure: Figure): string {
  const { name, ours, reference, value, lowest, highest, comparison } = figure;
  const digits = comparison === "ratio" ? 2 : undefined;
  const ending = comparison === "ratio" ? "x" : "";
  const range = lowest === highest ? "" : `(${number(lowest, digits)}-${number(highest, digits)})`;
  return columns([
    `  ${name}`,
    number(ours),
    number(reference),
    number(value, digits) + ending,
    range,
    verdict(figure),
  ]);
}

function verdict({ target, met }: Figure): string {
  return target === undefined ? "" : `${signs[target.is]} ${number(target.value)} ${met ? "met" : "MISSED"}`;
}

/** The first column to the left, the numbers to the right, the verdict as it is. */
function columns(cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const width = widths[index] ?? 0;
      return index === 0 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join(" ")
    .trimEnd();
}

/** Three significant digits or more, thousands apart: `0.914`, `12.3`, `1,843`. */
function number(value: number, digits?: number): string {
  const size = Math.abs(value);
  const fractionDigits = digits ?? (size < 1 ? 3 : size < 100 ? 1 : 0);
  const text = value.toLocaleString("en-US", {
    maximumFractionDigits: fractionDigits,
    minimumFractionDigits: digits ?? 0,
  });
  return text === "-0" ? "0" : text;
}

/** Lines that leave room for an indentation of two. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= lineWidth - 2) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

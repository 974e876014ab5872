import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseConfig, type SlipwayConfig } from "@slipway/contracts";
import { latestWaiverDay } from "./latest-waiver-day.ts";
import type { Clock } from "./ports/clock.ts";
import { ReleaseError } from "./release-error.ts";
import { systemClock } from "./system-clock.ts";

/**
 * Loads and checks a `slipway.config.ts`.
 *
 * @param path absolute path of the file; the folders that it names are relative to its own
 * @param options `clock` tells what day it is: waivers may not hold for longer than a year from then, unless `takesAnyWaiver`, for a
 *   configuration that is not released now
 * @throws {ReleaseError} when it is missing, cannot be run, or says something that it must not; the message names each key
 */
export async function loadConfig(
  path: string,
  {
    clock = systemClock,
    takesAnyWaiver = false,
  }: { readonly clock?: Pick<Clock, "now">; readonly takesAnyWaiver?: boolean } = {},
): Promise<SlipwayConfig> {
  if (!existsSync(path)) {
    throw new ReleaseError({
      kind: "usage",
      what: `There is no ${path}`,
      why: "Slipway knows what to release from this file alone",
      next: "go to the folder that has it, or write one as the README shows",
    });
  }
  const exported = await runConfig(path);
  if (exported === undefined) {
    throw invalid(path, ["the file has no default export (expected export default defineConfig({ ... }))"]);
  }
  const result = parseConfig(exported);
  if (!result.ok) {
    throw invalid(path, result.problems);
  }
  const eternal = takesAnyWaiver ? [] : eternalWaivers(result.config, latestWaiverDay(clock.now()));
  if (eternal.length > 0) {
    throw invalid(path, eternal);
  }
  const isMissing = (name: string, kind: "folder" | "file") => kindOf(join(dirname(path), name)) !== kind;
  const missing = [
    ...namedFolders(result.config).flatMap(([key, name]) =>
      isMissing(name, "folder") ? [`${key}: there is no folder ${name}`] : [],
    ),
    ...namedFiles(result.config).flatMap(([key, name]) =>
      isMissing(name, "file") ? [`${key}: there is no file ${name}`] : [],
    ),
  ];
  if (missing.length > 0) {
    throw invalid(path, missing);
  }
  return result.config;
}

async function runConfig(path: string): Promise<unknown> {
  try {
    const module: { default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (cause) {
    throw new ReleaseError(
      {
        kind: "usage",
        what: `${path} cannot be loaded`,
        why: whereAndWhy(cause, path),
        next: "correct the file, then type the same command again",
      },
      { cause },
    );
  }
}

/** The error with the places in the file that led to it, and none in Node.js. */
function whereAndWhy(cause: unknown, path: string): string {
  if (!(cause instanceof Error)) {
    return String(cause);
  }
  const lines = (cause.stack ?? `${cause.name}: ${cause.message}`).split("\n");
  return lines
    .filter((line) => line.trim() !== "" && (!/^\s+at /.test(line) || line.includes(path)))
    .slice(0, 10)
    .join("\n");
}

/** The waivers that would hold for longer than they may, by their keys. */
function eternalWaivers({ environments }: SlipwayConfig, latest: string): string[] {
  return Object.entries(environments).flatMap(([name, { release }]) =>
    release.waivers.flatMap(({ expires }, index) =>
      expires <= latest
        ? []
        : [
            `environments.${name}.release.waivers[${index}].expires: expected a day within a year, ${latest} at the latest, got ${JSON.stringify(expires)}`,
          ],
    ),
  );
}

/** The folders that must be there before anything is built, by their keys. */
function namedFolders({ infrastructure, bootstrap, environments }: SlipwayConfig): [key: string, folder: string][] {
  return [
    ["infrastructure", infrastructure],
    ["bootstrap.directory", bootstrap.directory],
    ...Object.entries(environments).flatMap(([name, { terraform, functions }]): [string, string][] => [
      [`environments.${name}.terraform.directory`, terraform.directory],
      ...functions.map((each, index): [string, string] => [
        `environments.${name}.functions[${index}].directory`,
        each.directory,
      ]),
    ]),
  ];
}

/** The files without which nothing can be planned, by their keys. */
function namedFiles({ environments }: SlipwayConfig): [key: string, file: string][] {
  return Object.entries(environments).flatMap(([name, { terraform }]) =>
    terraform.variableFiles.map((file, index): [string, string] => [
      `environments.${name}.terraform.variableFiles[${index}]`,
      file,
    ]),
  );
}

function kindOf(path: string): "folder" | "file" | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() ? "folder" : found?.isFile() ? "file" : undefined;
}

function invalid(path: string, problems: readonly string[]): ReleaseError {
  return new ReleaseError({
    kind: "usage",
    what: `${path} is not valid`,
    why: problems.join("\n"),
    next: "correct the file, then type the same command again",
  });
}

import { writeSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** The counts that a test run ends with. */
export interface TestCounts {
  passed: number;
  /** Tests that failed, test files that could not be loaded, suites whose hooks failed, and errors outside of any test. */
  failed: number;
  skipped: number;
}

/**
 * Prints `N passed, N failed[, N skipped]` as the very last line of a test run, after the coverage report and whatever
 * else comes at the end.
 */
export class SummaryReporter implements Reporter {
  #counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };

  onInit(): void {
    process.once("exit", () => writeSync(1, `${summaryLine(this.#counts)}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.#counts = countTests(modules, unhandledErrors.length);
  }
}

export function summaryLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * @param unhandledErrors how many errors were thrown outside of any test
 */
export function countTests(modules: Iterable<CountedModule>, unhandledErrors: number): TestCounts {
  const counts: TestCounts = { passed: 0, failed: unhandledErrors, skipped: 0 };
  for (const module of modules) {
    counts.failed += module.errors().length;
    for (const suite of module.children.allSuites()) {
      counts.failed += suite.errors().length;
    }
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that never came to an end (its worker died) has not passed.
      counts[state === "pending" ? "failed" : state] += 1;
    }
  }
  return counts;
}

/** What counting needs of vitest's TestModule. */
export interface CountedModule {
  errors(): readonly unknown[];
  children: {
    allSuites(): Iterable<{ errors(): readonly unknown[] }>;
    allTests(): Iterable<{ result(): { state: "passed" | "failed" | "skipped" | "pending" } }>;
  };
}

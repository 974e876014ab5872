import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Starts the test files that take minutes before all others, so that none of them is left over when everything else has ended. vitest goes by
 * the size of files where it has no times of an earlier run, as in a fresh clone.
 */
export class LongestFirst extends BaseSequencer {
  /** Ends of paths, the longest first. */
  static readonly files: readonly string[] = [
    "e2e/purpose-roles.test.ts",
    "e2e/gamedays.test.ts",
    "e2e/release.test.ts",
    "e2e/infrastructure.test.ts",
  ];

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files));
  }
}

/** Puts {@link LongestFirst.files} first, and leaves the others in their order. */
export function longestFirst<T extends { readonly moduleId: string }>(files: readonly T[]): T[] {
  const place = ({ moduleId }: T) => {
    const at = LongestFirst.files.findIndex((file) => moduleId.endsWith(`/${file}`));
    return at === -1 ? LongestFirst.files.length : at;
  };
  return files.toSorted((a, b) => place(a) - place(b));
}

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "api-handler",
    coverage: {
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.test.ts", "src/testing/**"],
      // The deployment guide asks for 80 %.
      thresholds: { lines: 90, functions: 90, statements: 90, branches: 85 },
    },
  },
});

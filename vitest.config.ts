// Two projects: `pure` runs in Node (protocol, firmware, simulator), `workers` inside workerd (edge, dashboard).
import { defineConfig } from "vitest/config";
import { TEST_AUTHORITY } from "./sim/test-mail.ts";

// workerd trusts the mail servers of the tests. What starts it reads this when it is loaded, so it is loaded after.
process.env["NODE_EXTRA_CA_CERTS"] = TEST_AUTHORITY;
const { cloudflareTest } = await import("@cloudflare/vitest-plugin");

const workerTests = ["edge/**/*.test.ts", "dashboard/**/*.test.{ts,tsx}"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          include: ["protocol/**/*.test.ts", "firmware/**/*.test.ts", "sim/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
      {
        oxc: { jsx: { runtime: "automatic", importSource: "hono/jsx" } },
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" } })],
        test: {
          name: "workers",
          include: workerTests,
          globalSetup: ["./sim/test-ledger.ts", "./sim/test-mail.ts"],
          testTimeout: 30_000,
        },
      },
    ],
  },
});

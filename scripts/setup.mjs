// Prepares the clone and says what is there: node scripts/setup.mjs [--without-terraform]

import "./require-node.mjs";

const started = Date.now();
import("./setup/prepare.mjs")
  .then(({ prepare }) => prepare({ withTerraform: !process.argv.includes("--without-terraform") }))
  .then((ready) => {
    if (ready === undefined) {
      process.exitCode = 1;
      return;
    }
    const parts = [`Node ${ready.node22.version}`];
    if (ready.terraform !== undefined) {
      parts.push(`Terraform ${ready.terraform.version} (${ready.terraform.path})`);
    }
    if (ready.provider !== undefined) {
      const { provider } = ready;
      const from =
        provider.source === "mirror" ? `${provider.version} (${provider.dir})` : `as in ${provider.cliConfig}`;
      parts.push(`AWS provider ${from}`);
    }
    process.stderr.write(`Ready in ${Date.now() - started} ms: ${parts.join(", ")}\n`);
  });

import { join } from "node:path";
import { expect, test } from "vitest";
import { missingCliConfig, terraformEnv } from "./terraform-env.mjs";
import { temporaryFolder, writeFile } from "./test/temporary-folder.ts";

test("a Terraform configuration that does not exist is left out, one that does is kept", () => {
  const file = writeFile(join(temporaryFolder(), "terraform.rc"), "");

  expect(terraformEnv({ TF_CLI_CONFIG_FILE: "/nowhere.rc" })).not.toHaveProperty("TF_CLI_CONFIG_FILE");
  expect(missingCliConfig({ TF_CLI_CONFIG_FILE: "/nowhere.rc" })).toBe("/nowhere.rc");
  expect(terraformEnv({ TF_CLI_CONFIG_FILE: file }).TF_CLI_CONFIG_FILE).toBe(file);
  expect(missingCliConfig({ TF_CLI_CONFIG_FILE: file })).toBeUndefined();
  expect(missingCliConfig({})).toBeUndefined();
});

test("the rest goes through; Terraform neither phones home nor asks", () => {
  const env = { PATH: "/bin", TF_LOG: "DEBUG", CHECKPOINT_DISABLE: undefined };

  expect(terraformEnv(env)).toEqual({
    PATH: "/bin",
    TF_LOG: "DEBUG",
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
  });
});

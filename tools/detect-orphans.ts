// npm run detect:orphans. Exit code 2, not 0: "nothing was checked" must not read like "nothing was found".

process.stderr.write(
  `detect:orphans is not available yet.
  Why:  finding resources that no Terraform state owns needs the release ledger, which is still to come.
  Next: compare by hand meanwhile: aws resourcegroupstaggingapi get-resources, against terraform state list
`,
);
process.exitCode = 2;

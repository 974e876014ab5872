/** An environment variable that something in this repository reads. */
export interface DocumentedVariable {
  readonly name: string;
  /** Empty where nothing holds without it. */
  readonly default: string;
  readonly what: string;
}

/** Who sets variables, and what for: groups of the table in CONFIGURATION.md. */
export type VariableGroup = "you" | "the system" | "CI" | "functions" | "tests";

/** What a group is headed by. */
export const variableGroups: Readonly<Record<VariableGroup, string>> = {
  you: "For you to set",
  "the system": "Of the terminal and the machine",
  CI: "Of GitHub Actions",
  functions: "Of functions: Lambda, or Terraform, sets them",
  tests: "For tests that take long",
};

/**
 * Every environment variable that code of this repository reads by name; a test finds the reads in the code. Variables that the AWS SDKs,
 * Terraform and git read by themselves are theirs.
 */
export const environmentVariables: Readonly<Record<VariableGroup, readonly DocumentedVariable[]>> = {
  you: [
    {
      name: "SLIPWAY_TERRAFORM",
      default: "the `PATH`",
      what: "path of the `terraform` to use; nothing else is tried",
    },
    {
      name: "SLIPWAY_TERRAFORM_RELEASES",
      default: "`https://releases.hashicorp.com`",
      what: "where Terraform is fetched from when the machine has none that fits",
    },
    {
      name: "SLIPWAY_PROVIDER_MIRROR",
      default: "see below",
      what: "folder with the AWS provider, as `terraform providers mirror` makes it",
    },
    {
      name: "SLIPWAY_LOCAL_PORT",
      default: "`4566`",
      what: "port of local AWS for every `slipway` command without `--port`",
    },
    {
      name: "SLIPWAY_ROLE_ARNS",
      default: "whoever calls",
      what: "the roles by purpose that `slipway` assumes on AWS: what `terraform output -json role_arns` says in the bootstrap's folder, environment to purpose to ARN, as JSON ([In GitHub Actions](docs/github-actions.md#who-works-as-whom))",
    },
    {
      name: "AWS_WEB_IDENTITY_TOKEN_FILE",
      default: "",
      what: "file with the token that those roles are assumed with, outside of GitHub Actions",
    },
    {
      name: "AWS_ENDPOINT_URL",
      default: "AWS",
      what: "where AWS is; the AWS CLI and the SDKs read it, too. `--local` and `--port` set it for what they start",
    },
    {
      name: "SLIPWAY_PRICE_LIST_URL",
      default: "AWS's",
      what: "a mirror of the AWS Price List, for `slipway costs --price-list`",
    },
    { name: "SLIPWAY_AWS_CLI", default: "`aws` on the `PATH`", what: "path of the AWS CLI, for tests and `doctor`" },
    ...["18", "20", "22", "24"].map((major) => ({
      name: `SLIPWAY_NODE${major}`,
      default: "found on the `PATH`",
      what: `Node.js ${major}, for functions of that runtime in local AWS`,
    })),
    {
      name: "GIT_AUTHOR_NAME",
      default: "git's `user.name`",
      what: "who acts, as the ledger writes it down",
    },
    { name: "GIT_AUTHOR_EMAIL", default: "git's `user.email`", what: "their address: approvals are told apart by it" },
    {
      name: "GOGC",
      default: "`400`",
      what: "how much garbage the AWS provider of Terraform lets lie; 400 takes a quarter off its processor time",
    },
    {
      name: "TF_CLI_CONFIG_FILE",
      default: "Terraform's own",
      what: "respected; left out where it names a file that does not exist",
    },
    { name: "NO_PROXY", default: "", what: "respected; the addresses of local AWS are added for what works on it" },
  ],
  "the system": [
    { name: "NO_COLOR", default: "", what: "set to anything: no colours" },
    {
      name: "FORCE_COLOR",
      default: "",
      what: "colours although the output of an `npm` script goes to a file",
    },
    { name: "TERM", default: "", what: "`dumb`: no colours, and no progress that moves" },
    {
      name: "LC_ALL",
      default: "",
      what: "where this, `LC_CTYPE` and `LANG` name no UTF-8, charts are drawn in plain characters, as with `--ascii`",
    },
    { name: "LC_CTYPE", default: "", what: "see `LC_ALL`" },
    { name: "LANG", default: "", what: "see `LC_ALL`" },
    { name: "TZ", default: "the machine's", what: "the time zone that incidents tell times in beside UTC" },
    {
      name: "HOME",
      default: "",
      what: "where `~` leads, as in git's `user.signingkey`, and where Terraform's own settings lie",
    },
    { name: "PATH", default: "", what: "where programs are looked for" },
    { name: "USER", default: "", what: "who acts, where git knows nobody" },
    { name: "XDG_DATA_HOME", default: "`~/.local/share`", what: "where a mirror of providers is looked for" },
    {
      name: "XDG_DATA_DIRS",
      default: "`/usr/local/share:/usr/share`",
      what: "where mirrors of providers are looked for",
    },
    { name: "GIT_CONFIG_COUNT", default: "", what: "settings of git's that the environment brings along are kept" },
    {
      name: "SLIPWAY_INSIDE_CHECKLIST",
      default: "",
      what: "set for commands that the checklist runs: a checklist inside of them leaves out what takes minutes",
    },
    {
      name: "SLIPWAY_PARENT_PID",
      default: "",
      what: "set by `npm` scripts for the program that they start, which ends with them",
    },
  ],
  CI: [
    { name: "CI", default: "", what: "set to anything: progress is written line by line, as into a log" },
    { name: "GITHUB_ACTIONS", default: "", what: "`true`: who acts is `GITHUB_ACTOR`" },
    { name: "GITHUB_ACTOR", default: "", what: "who acts in a workflow" },
    {
      name: "GITHUB_RUN_ID",
      default: "",
      what: "in the name of the sessions under which roles are assumed, so that AWS's own logs lead to the run",
    },
    {
      name: "GITHUB_TOKEN",
      default: "",
      what: "reads the reviews of the change, for the checklist's line about two reviewers",
    },
    { name: "GITHUB_API_URL", default: "`https://api.github.com`", what: "where GitHub's API is" },
    {
      name: "ACTIONS_ID_TOKEN_REQUEST_URL",
      default: "",
      what: "where the job's identity token is asked for, with which roles are assumed",
    },
    { name: "ACTIONS_ID_TOKEN_REQUEST_TOKEN", default: "", what: "what it is asked for with" },
  ],
  functions: [
    { name: "DYNAMODB_TABLE_NAME", default: "required", what: "the table of the items API" },
    { name: "CURSOR_KEY", default: "required", what: "what cursors of lists are sealed with" },
    { name: "CORS_ALLOW_ORIGIN", default: "none", what: "whose scripts may call the items API" },
    { name: "LOG_LEVEL", default: "`INFO`", what: "what the functions log" },
    { name: "JWT_ISSUER", default: "required", what: "whose tokens the authorizer takes" },
    { name: "JWT_AUDIENCE", default: "required", what: "whom the tokens have to be for" },
    { name: "JWT_JWKS_URI", default: "the issuer's", what: "where the issuer's keys are" },
    { name: "JWT_READ_SCOPE", default: "`items:read`", what: "the scope that reading asks for" },
    { name: "JWT_WRITE_SCOPE", default: "`items:write`", what: "the scope that changing asks for" },
    { name: "AWS_LAMBDA_FUNCTION_NAME", default: "Lambda's", what: "the function" },
    {
      name: "AWS_LAMBDA_FUNCTION_VERSION",
      default: "Lambda's",
      what: "its version, which its metrics are told apart by",
    },
    { name: "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", default: "Lambda's", what: "its memory in MB" },
    { name: "AWS_LAMBDA_INITIALIZATION_TYPE", default: "Lambda's", what: "whether a request waited for the start" },
    { name: "AWS_LAMBDA_LOG_GROUP_NAME", default: "Lambda's", what: "where it logs" },
    { name: "AWS_LAMBDA_LOG_STREAM_NAME", default: "Lambda's", what: "where it logs" },
    { name: "AWS_LAMBDA_LOG_FORMAT", default: "Lambda's", what: "`JSON` or `Text`" },
    { name: "AWS_LAMBDA_LOG_LEVEL", default: "Lambda's", what: "what of its logs is kept" },
    { name: "AWS_LAMBDA_RUNTIME_API", default: "Lambda's", what: "where the runtime asks for work" },
    { name: "LAMBDA_TASK_ROOT", default: "Lambda's", what: "where the code lies" },
    { name: "_HANDLER", default: "Lambda's", what: "file and export that are called" },
    { name: "_X_AMZN_TRACE_ID", default: "Lambda's", what: "the trace of the request" },
  ],
  tests: [
    { name: "SLIPWAY_SOAK", default: "", what: "`1` runs the soak tests only (`npm run test:soak`)" },
    {
      name: "SLIPWAY_CHECK_DOCUMENTS",
      default: "",
      what: "`1`, as in all tests: each JSON document is held against its schema before it is printed",
    },
    {
      name: "SLIPWAY_WALK_TRANSCRIPT",
      default: "",
      what: "a file that keeps all that was typed and said on that walk",
    },
    { name: "SLIPWAY_SEED", default: "`a slipway`", what: "other words let processes be killed at other moments" },
    { name: "SLIPWAY_KILLS", default: "all", what: "how many kills are tried" },
    { name: "SLIPWAY_APART", default: "the test's", what: "how many calls lie between two that fail" },
    { name: "SLIPWAY_PART", default: "`1/1`", what: "which part of the cases is run, as `2/4`" },
    { name: "SLIPWAY_ALONE", default: "", what: "one case alone" },
    { name: "SLIPWAY_LABS", default: "`2`", what: "how many labs work side by side" },
    { name: "SLIPWAY_RESTORE_ITEMS", default: "`100000`", what: "how many items are restored" },
  ],
};

/**
 * Reads whose variable has no name in the file: the file, the read as it is written, and the variables that come of it, or what says them.
 */
export const namelessReads: readonly (readonly [file: string, text: string, variables: readonly string[]])[] = [
  ["apps/cli/src/checklist/open-checklist.ts", "env[INSIDE_CHECKLIST]", ["SLIPWAY_INSIDE_CHECKLIST"]],
  ["apps/authorizer/src/read-config.ts", "env[name]", ["JWT_READ_SCOPE", "JWT_WRITE_SCOPE"]],
  // What `notifications.webhooks[].urlVariable` names.
  ["apps/cli/src/release/open-announcer.ts", "env[variable]", []],
  [
    "packages/local-aws/src/runtime/node-binaries.ts",
    "env[variable]",
    ["SLIPWAY_NODE18", "SLIPWAY_NODE20", "SLIPWAY_NODE22", "SLIPWAY_NODE24"],
  ],
  // The function of a benchmark, under its own table and key.
  ["tools/bench/handler/equivalents/shared/config.ts", "process.env[name]", ["DYNAMODB_TABLE_NAME", "CURSOR_KEY"]],
];

import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";

/** How the inventory of CloudWatch names alarms. */
const ALARM = /^AWS::CloudWatch::(?:Alarm|CompositeAlarm) (.+)$/;

/** `slipway local alarm-drill`: lets alarms of local AWS go off, and says what became of it. */
export const localAlarmDrill: Command = {
  name: "local alarm-drill",
  summary: "let alarms of local AWS go off on made-up data and for real, and put them back",
  arguments: [{ name: "[alarm]", description: "name of an alarm (default: all of them)" }],
  options: [PORT_OPTION, OUTPUT_OPTION],
  examples: ["slipway local alarm-drill api-handler-prod-errors"],
  json: { documents: ["local-aws-alarm-drills"] },
  async run(options: LocalOptions, io: CommandIo, [name]: readonly string[]): Promise<number> {
    // Loaded now, because it brings the engine: `slipway --help` should not wait for it.
    const { LocalAlarmExerciser } = await import("../local/local-alarm-exerciser.ts");
    const client = new ControlClient(portOf(options, io.env));
    const exerciser = new LocalAlarmExerciser(client);
    const drills = [];
    for (const alarm of name === undefined ? await alarmsOf(client) : [name]) {
      drills.push(await exerciser.exercise(alarm, io.signal));
    }
    io.stdout.write(
      options.output === "json"
        ? `${JSON.stringify({ version: 1, drills })}\n`
        : drills.map(({ alarm, found }) => `${alarm}: ${found}\n`).join("") || "There are no alarms.\n",
    );
    const isWell = drills.every(
      ({ goesOff, recovers, actions }) => goesOff && recovers && actions.every(({ succeeded }) => succeeded),
    );
    return isWell ? 0 : 1;
  },
};

async function alarmsOf(client: ControlClient): Promise<readonly string[]> {
  const { monitoring = [] } = await client.call<{ monitoring?: readonly string[] }>("GET", "inventory");
  return monitoring.flatMap((resource) => ALARM.exec(resource)?.[1] ?? []);
}

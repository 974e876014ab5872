import { AwsAlarmsReader, createAwsClients, LambdaFunctionDeployer } from "@slipway/aws";

/** With what AWS is asked how an environment is. */
export function openStatusReaders(client: Parameters<typeof createAwsClients>[0]) {
  const clients = createAwsClients(client);
  const alarms = new AwsAlarmsReader(client);
  return {
    functions: new LambdaFunctionDeployer(clients.lambda),
    alarms,
    close() {
      alarms.close();
      clients.destroy();
    },
  };
}

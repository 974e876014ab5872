/** Commands that run a query of Logs Insights over the last hour, and print its results when it is done, as JSON. */
export function insightsScript(logGroupName: string, query: string): string {
  const quoted = `'${query.replaceAll("'", "'\\''")}'`;
  return `
id=$(aws logs start-query --log-group-name ${logGroupName} --query-string ${quoted} \\
  --start-time $(date -d '1 hour ago' +%s) --end-time $(date +%s) --query queryId --output text) || exit
while answer=$(aws logs get-query-results --query-id "$id"); do
  case $answer in
    *'"status": "Scheduled"'* | *'"status": "Running"'*) sleep 0.2 ;;
    *) printf '%s' "$answer"; exit ;;
  esac
done
exit 1`;
}

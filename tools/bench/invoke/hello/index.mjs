/** As little as a function behind API Gateway can do: what is measured is the way to it and back. */
export async function handler(event) {
  return {
    statusCode: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ path: event.path }),
  };
}

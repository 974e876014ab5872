import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";

/** Where a slug leads to. */
export interface Link {
  readonly slug: string;
  readonly url: string;
}

/** The table of links, by their slugs. */
export class LinkTable {
  readonly #client = new DynamoDBClient({});
  readonly #name = process.env.LINKS_TABLE ?? "";

  async find(slug: string): Promise<Link | undefined> {
    const command = new GetItemCommand({ TableName: this.#name, Key: { slug: { S: slug } } });
    const { Item } = await this.#client.send(command);
    return Item?.url?.S === undefined ? undefined : { slug, url: Item.url.S };
  }

  /** @returns whether it was put; a slug that somebody has is left as it is */
  async add({ slug, url }: Link): Promise<boolean> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#name,
          Item: { slug: { S: slug }, url: { S: url } },
          ConditionExpression: "attribute_not_exists(slug)",
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === "ConditionalCheckFailedException") {
        return false;
      }
      throw error;
    }
  }

  async remove(slug: string): Promise<void> {
    await this.#client.send(new DeleteItemCommand({ TableName: this.#name, Key: { slug: { S: slug } } }));
  }
}

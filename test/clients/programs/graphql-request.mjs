// graphql-request as it comes. It has no subscriptions.
import { ClientError, GraphQLClient, gql } from 'graphql-request';

const { PARLEY_URL: url, PARLEY_TOKEN: token, PARLEY_CONVERSATION: id } = process.env;
const headers = { authorization: `Bearer ${token}` };
const client = new GraphQLClient(url, { headers });
const byGet = new GraphQLClient(url, { headers, method: 'GET' });
const codeOf = (error) =>
  error instanceof ClientError ? error.response.errors?.[0].extensions.code : `${error}`;

const ME = gql`{ me { id } }`;
const SEND = gql`mutation Send($id: ID!) {
  sendMessage(input: { conversationId: $id, content: "by graphql-request" }) {
    message { sequence }
  }
}`;
process.stdout.write(
  `${JSON.stringify({
    query: await client.request(ME),
    byGet: await byGet.request(ME),
    mutation: (await client.request(SEND, { id })).sendMessage.message.sequence,
    mutationOfGet: (await byGet.request(SEND, { id })).sendMessage.message.sequence,
    batch: await client.batchRequests([{ document: ME }]).catch(codeOf),
    refusal: await client.request(gql`{ conversation(id: "none") { id } }`).catch(codeOf),
    stranger: await new GraphQLClient(url).request(ME).catch(codeOf),
  })}\n`,
);

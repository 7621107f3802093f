/** Frames and requests as bytes, made once and sent again and again: an attacker that costs little. */

const TEXT = 0x81;
const MASKED = 0x80;
/** A mask of zeros leaves the payload as it is. */
const MASK_BYTES = 4;

export interface Target {
  port: number;
  /** The address from which the attackers come. */
  localAddress: string;
}

/** A text as a client's frame. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const size = payload.length;
  const header = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const bytes = Buffer.alloc(header + MASK_BYTES + size);
  bytes[0] = TEXT;
  bytes[1] = MASKED | (header === 2 ? size : header === 4 ? 126 : 127);
  if (header === 4) bytes.writeUInt16BE(size, 2);
  if (header === 10) bytes.writeBigUInt64BE(BigInt(size), 2);
  payload.copy(bytes, header + MASK_BYTES);
  return bytes;
}

export function messageFrame(message: object): Buffer {
  return textFrame(JSON.stringify(message));
}

export function subscribeFrame(id: string, query: string, variables: object = {}): Buffer {
  return messageFrame({ id, type: 'subscribe', payload: { query, variables } });
}

export function initFrame(token: string): Buffer {
  return messageFrame({ type: 'connection_init', payload: { token } });
}

/** The request to open a WebSocket. */
export function upgradeRequest(port: number): Buffer {
  const lines = [
    'GET /graphql HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

/** A request over HTTP. */
export function postRequest(port: number, token: string, body: string): Buffer {
  const lines = [
    'POST /graphql HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/json',
    'Accept: application/json',
    `Authorization: Bearer ${token}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

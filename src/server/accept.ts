const OLDER_TYPE = 'application/json';
const NEWER_TYPE = 'application/graphql-response+json';
/** Apollo chooses the older type by it, and {@link isOlderClient} is false. */
const OLDER_TYPE_PREFERRED = `${OLDER_TYPE}, ${NEWER_TYPE};q=0.5`;
/** Media ranges that hold both types, the wider one last. */
const WILDCARDS = ['application/*', '*/*'];
/** A comma or a semicolon that is not within quotes. */
const COMMA = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;
const SEMICOLON = /;(?=(?:[^"]*"[^"]*")*[^"]*$)/;
/** The form of a weight (RFC 9110, section 12.4.2), and greater ones, which some clients send. */
const WEIGHT = /^\d+(\.\d*)?$/;
const MAX_LENGTH = 2_000;

/** One media range of an Accept header. */
interface Range {
  type: string;
  /** 0 for what the client does not take. */
  weight: number;
}

/**
 * Returns the Accept header by which Apollo chooses the type that the client prefers; null when the
 * client takes no GraphQL response. Apollo reads a client's own header after the execution. Where
 * it found no type in it, it would say that nothing was done for a mutation that was.
 */
export function acceptForApollo(accept: string | undefined): string | null {
  if (!accept) return OLDER_TYPE_PREFERRED;
  const ranges = rangesIn(accept);
  const older = preferenceFor(OLDER_TYPE, ranges);
  const newer = preferenceFor(NEWER_TYPE, ranges);
  if (older.weight === 0 && newer.weight === 0) return null;
  const isNewer =
    newer.weight > older.weight || (newer.weight === older.weight && newer.index < older.index);
  if (isNewer) return NEWER_TYPE;
  return isOlderClient(accept) ? OLDER_TYPE : OLDER_TYPE_PREFERRED;
}

/** Returns the weight of a type: that of its own range, or else of the narrowest that holds it. */
function preferenceFor(type: string, ranges: readonly Range[]): { weight: number; index: number } {
  for (const name of [type, ...WILDCARDS]) {
    const index = ranges.findIndex((range) => range.type === name);
    if (index !== -1) return { weight: ranges[index]!.weight, index };
  }
  return { weight: 0, index: ranges.length };
}

/**
 * True for a client that asks for `application/json` by name, and not for the newer type. It cannot
 * tell an answer of GraphQL from one of a proxy by its type, so it may look at the body of a 200
 * alone. GraphQL over HTTP, section 6.4.1, says what it gets: a status of 200 for every well-formed
 * request, also when the document cannot be parsed or is not valid, when it has no such operation,
 * and when the variables do not fit. With the newer type the same request gets 400.
 */
export function isOlderClient(accept: string | undefined): boolean {
  return namesType(accept, OLDER_TYPE) && !namesType(accept, NEWER_TYPE);
}

/** Returns the media type of a refusal: the newer one for a client that asks for it by name. */
export function typeOfRefusal(accept: string | undefined): string {
  const type = namesType(accept, NEWER_TYPE) ? NEWER_TYPE : OLDER_TYPE;
  return `${type}; charset=utf-8`;
}

/** True when the client takes the type and does not only name it to say that it does not. */
function namesType(accept: string | undefined, type: string): boolean {
  return rangesIn(accept).some((range) => range.type === type && range.weight > 0);
}

/** Returns the media ranges, without those of which our answers are none. */
function rangesIn(accept = ''): Range[] {
  if (accept.length > MAX_LENGTH) return [];
  return accept.split(COMMA).flatMap((part) => rangeOf(part) ?? []);
}

/** Returns null for a range with parameters that our answers do not have. */
function rangeOf(part: string): Range | null {
  const [type, ...parameters] = part.split(SEMICOLON).map((piece) => piece.trim().toLowerCase());
  for (const parameter of parameters) {
    const [name, value = ''] = parameter.split('=', 2);
    // Behind the weight there is nothing that belongs to the type.
    if (name === 'q') return { type: type!, weight: WEIGHT.test(value) ? Number(value) : 0 };
    if (parameter !== '' && (name !== 'charset' || !/^"?utf-?8"?$/.test(value))) return null;
  }
  return { type: type!, weight: 1 };
}

/** The error for a client that takes no GraphQL response. */
export function notAcceptable(): Error {
  const message = 'The response is application/json or application/graphql-response+json.';
  return Object.assign(new Error(message), { statusCode: 406 });
}

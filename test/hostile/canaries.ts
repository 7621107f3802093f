/** One secret text of the data set; its label says whose it is. */
export type Label = string;

const PATTERN = /canary\(([a-z.]+)\)/g;

/** Knows every secret of a data set, and finds them in answers. */
export class Canaries {
  private made = 0;
  private readonly byText = new Map<string, Label>();
  private readonly known = new Set<Label>();

  /** A text that is found by itself, wherever it stands. */
  of(label: Label): string {
    this.known.add(label);
    return `canary(${label})#${++this.made}`;
  }

  /** An id or a time that is not of our choosing. */
  note(label: Label, ...texts: string[]): void {
    this.known.add(label);
    for (const text of texts) this.byText.set(text, label);
  }

  labels(): Label[] {
    return [...this.known];
  }

  /**
   * Returns the labels of all that an answer tells.
   *
   * @param asked the variables of the attempt: what it named itself is no answer
   */
  in(answer: unknown, asked: unknown = null): Set<Label> {
    const text = JSON.stringify(answer);
    const question = JSON.stringify(asked);
    const labels = new Set([...text.matchAll(PATTERN)].map((match) => match[1]!));
    for (const [secret, label] of this.byText)
      if (text.includes(secret) && !question.includes(secret)) labels.add(label);
    for (const label of statesIn(answer)) labels.add(label);
    return labels;
  }
}

/** Events that tell what their user does. */
const DEEDS = { TypingEvent: 'typing', ViewerEvent: 'viewing', ReadReceipt: 'read' };

/** What an answer tells of people by no text: that they are online, that they have read. */
function* statesIn(value: unknown): Generator<Label> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value) yield* statesIn(one);
    return;
  }
  const object = value as Record<string, unknown>;
  const { __typename: type, id, viewers } = object;
  if (type === 'Presence' && object.online) yield `online.${nameIn(id)}`;
  if (type === 'Participant' && object.lastReadAt) yield `read.${nameIn(id)}`;
  if (type === 'User' && object.blockedByViewer) yield `blocks.${nameIn(id)}`;
  const deed = DEEDS[type as keyof typeof DEEDS];
  if (deed) yield `${deed}.${nameIn((object.user as { id?: unknown } | null)?.id)}`;
  if (Array.isArray(viewers))
    for (const viewer of viewers as { id: unknown }[]) yield `viewing.${nameIn(viewer.id)}`;
  for (const one of Object.values(value)) yield* statesIn(one);
}

/** Ids of people end with their name in the scene. */
const nameIn = (id: unknown) => String(id).split(':').at(-1)!;

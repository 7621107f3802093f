import {
  AcceptOfferDocument,
  BlockUserDocument,
  CancelOfferDocument,
  ConfirmCompletionDocument,
  CounterOfferDocument,
  DeclineOfferDocument,
  type OfferAction,
  OfferDocument,
  type OfferPartsFragment,
  type OfferStatus,
  RemoveParticipantDocument,
  ReviseOfferDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy } from '../support/factories';
import type { Answer, Person } from '../support/person';
import { people } from './people';

type Role = 'proposer' | 'recipient' | 'bystander' | 'outsider' | 'service';
type Requested = Exclude<OfferAction, 'CREATE' | 'EXPIRE' | 'COMPLETE'>;
type State =
  | Exclude<OfferStatus, 'EXPIRED'>
  | 'COUNTERED'
  | 'CONFIRMED_BY_PROPOSER'
  | 'CONFIRMED_BY_RECIPIENT';

const ROLES: Role[] = ['proposer', 'recipient', 'bystander', 'outsider', 'service'];
const REQUESTS: Requested[] = [
  'COUNTER',
  'REVISE',
  'ACCEPT',
  'DECLINE',
  'WITHDRAW',
  'CONFIRM_COMPLETION',
  'CANCEL',
];

/** What becomes of an offer, by the state it is in and who asks: the table of the contract. */
const PENDING: Partial<Record<Role, Partial<Record<Requested, OfferStatus>>>> = {
  proposer: { REVISE: 'PENDING', WITHDRAW: 'WITHDRAWN' },
  recipient: { COUNTER: 'PENDING', ACCEPT: 'ACCEPTED', DECLINE: 'DECLINED' },
};
const SETTLING = { CONFIRM_COMPLETION: 'ACCEPTED', CANCEL: 'CANCELLED' } as const;
const CONFIRMED = { CANCEL: 'CANCELLED' } as const;
const UNCONFIRMED = { CONFIRM_COMPLETION: 'COMPLETED' } as const;
const BY_SERVICE = { CONFIRM_COMPLETION: 'COMPLETED', CANCEL: 'CANCELLED' } as const;
const ALLOWED: Record<State, typeof PENDING> = {
  PENDING,
  COUNTERED: PENDING,
  ACCEPTED: { proposer: SETTLING, recipient: SETTLING, service: BY_SERVICE },
  CONFIRMED_BY_PROPOSER: { proposer: CONFIRMED, recipient: UNCONFIRMED, service: BY_SERVICE },
  CONFIRMED_BY_RECIPIENT: { proposer: UNCONFIRMED, recipient: CONFIRMED, service: BY_SERVICE },
  DECLINED: {},
  WITHDRAWN: {},
  COMPLETED: {},
  CANCELLED: {},
};
const STATES = Object.keys(ALLOWED) as State[];

/** In which states each request makes sense at all, whoever asks. */
const IN_STATE = (state: State, request: Requested) =>
  Object.values(ALLOWED[state]).some((requests) => requests[request] !== undefined);

const credits = (giver: Person, amount: number) => [
  { giverId: giver.id, kind: 'CREDITS' as const, amount },
];

describe('an offer', () => {
  let cluster: Cluster;
  let scene: { alice: Person; bob: Person; carol: Person; outsider: Person; id: string };

  beforeAll(async () => {
    cluster = await Cluster.start();
    const [alice, bob, carol, outsider] = await people(
      cluster,
      'alice',
      'bob',
      'carol',
      'outsider',
    );
    const { id } = await conversationOf([alice, bob, carol]);
    scene = { alice, bob, carol, outsider, id };
  });
  afterAll(() => cluster.stop());

  /** What any request answers, with the offer as it then is. */
  function send(
    actor: Person,
    request: Requested,
    offerId: string,
    version: number,
  ): Promise<Answer<object>> {
    const step = { offerId, version };
    const terms = { ...step, items: credits(scene.bob, 7) };
    const requests: Record<Requested, () => Promise<Answer<object>>> = {
      COUNTER: () => actor.request(CounterOfferDocument, { input: terms }),
      REVISE: () => actor.request(ReviseOfferDocument, { input: terms }),
      ACCEPT: () => actor.request(AcceptOfferDocument, { input: step }),
      DECLINE: () => actor.request(DeclineOfferDocument, { input: step }),
      WITHDRAW: () => actor.request(WithdrawOfferDocument, { input: step }),
      CONFIRM_COMPLETION: () => actor.request(ConfirmCompletionDocument, { input: step }),
      CANCEL: () => actor.request(CancelOfferDocument, { input: step }),
    };
    return requests[request]();
  }

  const codeOf = (answer: Answer<object>) =>
    answer.errors ? answer.errors[0]!.extensions?.code : null;
  const read = async (id: string) => (await scene.carol.ask(OfferDocument, { id })).offer!;

  /** An offer by Alice to Bob that has come to this state, and who is what in it. */
  async function offerIn(
    state: State,
  ): Promise<{ offer: OfferPartsFragment; roles: Record<Role, Person> }> {
    const { alice, bob, carol, outsider, id } = scene;
    const { id: offerId } = await offerBy(alice, id, { recipientId: bob.id });
    const accepted: [Person, Requested][] = [[bob, 'ACCEPT']];
    const ways: Record<State, [Person, Requested][]> = {
      PENDING: [],
      COUNTERED: [[bob, 'COUNTER']],
      ACCEPTED: accepted,
      CONFIRMED_BY_PROPOSER: [...accepted, [alice, 'CONFIRM_COMPLETION']],
      CONFIRMED_BY_RECIPIENT: [...accepted, [bob, 'CONFIRM_COMPLETION']],
      DECLINED: [[bob, 'DECLINE']],
      WITHDRAWN: [[alice, 'WITHDRAW']],
      COMPLETED: [...accepted, [alice, 'CONFIRM_COMPLETION'], [bob, 'CONFIRM_COMPLETION']],
      CANCELLED: [...accepted, [alice, 'CANCEL']],
    };
    for (const [index, [actor, request]] of ways[state].entries())
      expect(codeOf(await send(actor, request, offerId, index + 1))).toBeNull();
    const [proposer, recipient] = state === 'COUNTERED' ? [bob, alice] : [alice, bob];
    const roles = { proposer, recipient, bystander: carol, outsider, service: cluster.service() };
    return { offer: await read(offerId), roles };
  }

  /**
   * The code that the order of the checks leaves: access, party, version, state, role. Whether the service fails
   * as no party or by the state, the contract leaves open.
   */
  function refusalsOf(state: State, role: Role, request: Requested): string {
    if (role === 'outsider' || role === 'bystander') return 'FORBIDDEN';
    if (!IN_STATE(state, request)) return role === 'service' ? 'CONFLICT|FORBIDDEN' : 'CONFLICT';
    const mayAtOtherTimes = STATES.some((other) => ALLOWED[other][role]?.[request] !== undefined);
    return mayAtOtherTimes ? 'CONFLICT' : 'FORBIDDEN';
  }

  describe.each(STATES)('that is %s', (state) => {
    test.each(ROLES)('does what the table says for its %s, and nothing else', async (role) => {
      const { offer, roles } = await offerIn(state);
      for (const request of REQUESTS) {
        const status = ALLOWED[state][role]?.[request];
        if (status === undefined) {
          const code = codeOf(await send(roles[role], request, offer.id, offer.version));
          expect({ request, code }).toEqual({
            request,
            code: expect.stringMatching(refusalsOf(state, role, request)),
          });
          expect(await read(offer.id)).toEqual({ ...offer, history: expect.anything() });
        } else {
          const fresh = await offerIn(state);
          const answer = await send(
            fresh.roles[role],
            request,
            fresh.offer.id,
            fresh.offer.version,
          );
          expect({ request, code: codeOf(answer) }).toEqual({ request, code: null });
          expect(await read(fresh.offer.id)).toMatchObject({
            status,
            version: fresh.offer.version + 1,
          });
        }
      }
    });

    test('shows each of them as available what they may do, and nothing else', async () => {
      const { offer, roles } = await offerIn(state);
      for (const role of ['proposer', 'recipient', 'bystander', 'service'] as const) {
        const { offer: seen } = await roles[role].ask(OfferDocument, { id: offer.id });
        const named = Object.entries(ALLOWED[state][role] ?? {}).map(([request, status]) =>
          status === 'COMPLETED' ? 'COMPLETE' : request,
        );
        expect({ role, actions: [...seen!.availableActions].sort() }).toEqual({
          role,
          actions: named.sort(),
        });
      }
    });
  });

  test('is available to nobody who cannot act on it any more', async () => {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    const offer = await offerBy(alice, id, { recipientId: bob.id });
    await send(bob, 'ACCEPT', offer.id, 1);
    await cluster
      .service()
      .ask(RemoveParticipantDocument, { input: { conversationId: id, userId: bob.id } });
    const seen = (await bob.request(OfferDocument, { id: offer.id })).data?.offer;
    const accepted: Requested[] = [];
    for (const request of ['CONFIRM_COMPLETION', 'CANCEL'] as const)
      if (codeOf(await send(bob, request, offer.id, 2)) === null) accepted.push(request);
    expect(seen?.availableActions ?? []).toEqual(accepted);
  });

  test('is available, and goes on, for who is left alone in a pair by somebody whom they blocked', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const offer = await offerBy(alice, id);
    await send(bob, 'ACCEPT', offer.id, 1);
    await alice.ask(BlockUserDocument, { input: { userId: bob.id } });
    const seen = async () =>
      (await alice.ask(OfferDocument, { id: offer.id })).offer!.availableActions;
    expect(await seen()).toEqual([]);
    expect(codeOf(await send(alice, 'CANCEL', offer.id, 2))).toBe('FORBIDDEN');
    await cluster
      .service()
      .ask(RemoveParticipantDocument, { input: { conversationId: id, userId: bob.id } });
    expect(await seen()).toEqual(['CONFIRM_COMPLETION', 'CANCEL']);
    expect(codeOf(await send(alice, 'CANCEL', offer.id, 2))).toBeNull();
  });

  describe('is checked in order', () => {
    const stale = { code: 'CONFLICT', currentVersion: 2, currentStatus: 'ACCEPTED' };

    test('access and party before the version', async () => {
      const { offer, roles } = await offerIn('ACCEPTED');
      for (const role of ['outsider', 'bystander'] as const) {
        const { errors } = await send(roles[role], 'CANCEL', offer.id, 1);
        expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
      }
    });

    test.each([0, -1, 1, 3, 2 ** 31 - 1, -(2 ** 31)])(
      'the version before the state and the role: %i is stale',
      async (version) => {
        const { offer, roles } = await offerIn('ACCEPTED');
        for (const request of REQUESTS) {
          const { errors } = await send(roles.proposer, request, offer.id, version);
          expect(errors?.[0]?.extensions).toEqual(stale);
        }
        expect(await read(offer.id)).toMatchObject({ version: 2, status: 'ACCEPTED' });
      },
    );

    test('the state before the role', async () => {
      const { offer, roles } = await offerIn('ACCEPTED');
      const { errors } = await send(roles.proposer, 'DECLINE', offer.id, 2);
      expect(errors?.[0]?.extensions).toEqual(stale);
    });
  });

  describe('answers a repeated request as success', () => {
    const REPEATABLE: [
      state: State,
      role: 'proposer' | 'recipient' | 'service',
      request: Requested,
    ][] = STATES.flatMap((state) =>
      (['proposer', 'recipient', 'service'] as const).flatMap((role) =>
        REQUESTS.filter((request) => ALLOWED[state][role]?.[request] !== undefined).map(
          (request) => [state, role, request] as [State, typeof role, Requested],
        ),
      ),
    );
    test.each(REPEATABLE)('%s: its %s asks %s again', async (state, role, request) => {
      const { offer, roles } = await offerIn(state);
      const first = await send(roles[role], request, offer.id, offer.version);
      const again = await send(roles[role], request, offer.id, offer.version);
      expect(again).toEqual(first);
      expect((await read(offer.id)).version).toBe(offer.version + 1);
    });

    test('also when the negotiation went on meanwhile', async () => {
      const { offer, roles } = await offerIn('PENDING');
      await send(roles.recipient, 'COUNTER', offer.id, 1);
      await send(roles.proposer, 'ACCEPT', offer.id, 2);
      expect(codeOf(await send(roles.recipient, 'COUNTER', offer.id, 1))).toBeNull();
      expect(await read(offer.id)).toMatchObject({ version: 3, status: 'ACCEPTED' });
    });

    test('and not one of somebody else, of another action, or with other input', async () => {
      const { bob } = scene;
      const { offer, roles } = await offerIn('PENDING');
      await send(roles.recipient, 'COUNTER', offer.id, 1);
      expect(codeOf(await send(roles.proposer, 'REVISE', offer.id, 1))).toBe('CONFLICT');
      expect(codeOf(await send(roles.recipient, 'DECLINE', offer.id, 1))).toBe('CONFLICT');
      const input = { offerId: offer.id, version: 1, items: credits(bob, 7) };
      for (const difference of [{ items: credits(bob, 8) }, { note: 'and this' }])
        expect(
          await bob.refusal(CounterOfferDocument, { input: { ...input, ...difference } }),
        ).toBe('CONFLICT');
    });
  });
});

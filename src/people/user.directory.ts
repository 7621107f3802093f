import { columnsOf, inOrder, toEntity } from '../database/rows';
import type { Queryable, Transactions } from '../database/transaction';
import { BadUserInputError, UnavailableError } from '../errors';
import { isHttpUrl } from '../input/scalars';
import { checkText, isStorable, SHORT_TEXT_LENGTH } from '../input/text';
import { batched, batchedByUrgency, START_GATHER_MS, type Urgency } from '../runtime/batches';
import { User } from './user.entity';

const USER_ID_LENGTH = 128;
/** The largest number of users in one `upsertUsers`. */
export const MAX_UPSERTS = 500;

const STANDING = `id, deactivated_at is null as active,
  extract(epoch from tokens_valid_from)::float8 as "tokensValidFromS"`;

export interface UserProfile {
  id: string;
  username: string;
  displayName?: string | null;
  avatarUrl?: string | null;
}

/** A user, and when they were seen. */
interface Sighting {
  id: string;
  at: Date;
}

/** Decides which of a user's tokens are accepted. */
export interface Standing {
  /** False for a deactivated user, none of whose tokens is accepted. */
  active: boolean;
  /** Tokens that were issued earlier are revoked, in seconds since 1970; null when none is. */
  tokensValidFromS: number | null;
}

/** Reads and writes the users of the host platform, as the platform has described them. */
export class UserDirectory {
  /**
   * Reads the standings of users, as every request does first. Reads that wait for each other's
   * statement share the next one.
   */
  private readonly standingsOf = batchedByUrgency((ids: readonly string[]) =>
    this.readStandings(ids),
  );

  /**
   * Reads users, in the order of `ids`; null for an unknown id. Reads that wait for each other's
   * statement share the next one.
   */
  readonly byIds = batched((ids: readonly string[]) => this.read(ids));

  /** Returns false for a user whose row is locked. */
  private readonly recordUnlocked = batched(
    (sightings: readonly Sighting[]) => this.recordSightings(sightings),
    { gatherMs: START_GATHER_MS },
  );

  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
  ) {}

  private async read(ids: readonly string[]): Promise<(User | null)[]> {
    const rows = await this.database.query<User>(
      `select ${columnsOf(User, 'u')} from users u where id = any($1)`,
      [ids.filter(isStorable)],
    );
    return inOrder(
      ids,
      rows.map((row) => toEntity(User, row)),
      (user) => user.id,
    );
  }

  /**
   * Returns the standing of a user; null for an unknown one.
   *
   * @param urgency `start` for a connection that starts: its read gathers others
   */
  async standingOf(id: string, urgency: Urgency = 'request'): Promise<Standing | null> {
    if (!isStorable(id)) return null;
    const [standing] = await this.standingsOf[urgency]([id]);
    return standing!;
  }

  /** Returns true for an active user, false for one who is deactivated or unknown. */
  async isActive(id: string): Promise<boolean> {
    return (await this.standingOf(id))?.active ?? false;
  }

  private async readStandings(ids: readonly string[]): Promise<(Standing | null)[]> {
    const rows = await this.database.query<Standing & { id: string }>(
      `select ${STANDING} from users where id = any($1)`,
      [ids],
    );
    return inOrder(ids, rows, (row) => row.id);
  }

  /**
   * Returns the standings of those users, in any order, of whom a token may be refused: they are
   * deactivated, or tokens of theirs were revoked.
   */
  standingsOfRefused(ids: readonly string[]): Promise<(Standing & { id: string })[]> {
    return this.database.query(
      `select ${STANDING} from users
       where id = any($1) and (deactivated_at is not null or tokens_valid_from is not null)`,
      [ids],
    );
  }

  /**
   * Creates the user of a token. The username is the id if the token brings none. Writes nothing
   * when the token's profile breaks a rule of profiles, or when the user exists.
   *
   * @returns true when the profile breaks no rule, and the user exists afterwards and is active
   */
  async provision(
    id: string,
    profile: { username: string | null; displayName: string | null; avatarUrl: string | null },
  ): Promise<boolean> {
    const { username, displayName, avatarUrl } = profile;
    if (!isProfile({ id, username: username ?? id, displayName, avatarUrl })) return false;
    const created = this.transactions.statement(
      `insert into users (id, username, display_name, avatar_url) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [id, profile.username ?? id, profile.displayName, profile.avatarUrl],
    );
    await created.catch((error: unknown) => {
      // The operation that the token came with has not begun, so its outcome is not UNKNOWN.
      throw error instanceof UnavailableError ? new UnavailableError({ cause: error }) : error;
    });
    return this.isActive(id);
  }

  /**
   * Creates users, and updates those that exist. A deactivated user stays deactivated.
   *
   * @param field returns the path of a profile in the request, for the error
   * @returns the users in the order of `profiles`; `created` is true for a new one
   * @throws {BadUserInputError} when a profile breaks a rule, or else when an id occurs twice. The
   *   error names the first field at fault; of a repeated id, the second one. Nothing is written
   */
  async upsert(
    profiles: readonly UserProfile[],
    field: (index: number) => string,
  ): Promise<{ user: User; created: boolean }[]> {
    for (const [index, profile] of profiles.entries()) checkProfile(profile, field(index));
    checkDistinct(profiles, field);
    const rows = await this.transactions.statement<User & { created: boolean }>(
      `insert into users as u (id, username, display_name, avatar_url)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) order by 1
       on conflict (id) do update set
         username = excluded.username, display_name = excluded.display_name,
           avatar_url = excluded.avatar_url
       returning ${columnsOf(User, 'u')}, (u.xmax = 0) as created`,
      [
        profiles.map((profile) => profile.id),
        profiles.map((profile) => profile.username),
        profiles.map((profile) => profile.displayName ?? null),
        profiles.map((profile) => profile.avatarUrl ?? null),
      ],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return profiles.map((profile) => {
      const { created, ...user } = byId.get(profile.id)!;
      return { user: toEntity(User, user), created };
    });
  }

  /**
   * Records that the users were seen at `at`, when they connected or disconnected. A later time
   * that is stored already stays. Ids of unknown users are ignored.
   *
   * Many users connect at once when a node has restarted, so calls that wait for each other's
   * statement share the next one. A user whose row is locked is left to a statement of their own:
   * the others must not wait for the lock.
   */
  async recordSeen(ids: readonly string[], at: Date): Promise<void> {
    const areRecorded = await this.recordUnlocked(ids.map((id) => ({ id, at })));
    const locked = ids.filter((_, index) => !areRecorded[index]);
    if (locked.length > 0) await this.recordWaiting(locked, at);
  }

  /** Records all sightings but those of users whose rows are locked; for these it returns false. */
  private async recordSightings(sightings: readonly Sighting[]): Promise<boolean[]> {
    const rows = await this.transactions.statement<{ id: string }>(
      `with newest as (
         select id, max(at) as at from unnest($1::text[], $2::timestamptz[]) as seen (id, at)
         group by id
       ), behind as (
         select u.id, n.at from users u join newest n on n.id = u.id
         where u.last_seen_at is null or u.last_seen_at < n.at
       ), moved as (
         select u.id from users u join behind b on b.id = u.id
         order by u.id for no key update of u skip locked
       ), written as (
         update users u set last_seen_at = b.at from moved m join behind b on b.id = m.id
         where u.id = m.id and (u.last_seen_at is null or u.last_seen_at < b.at)
       )
       select id from behind where id not in (select id from moved)`,
      [sightings.map(({ id }) => id), sightings.map(({ at }) => at)],
    );
    const locked = new Set(rows.map((row) => row.id));
    return sightings.map(({ id }) => !locked.has(id));
  }

  private async recordWaiting(ids: readonly string[], at: Date): Promise<void> {
    await this.transactions.statement(
      // Locks the users in the order of their ids, as every transaction does, to avoid deadlocks.
      `with moved as (
         select id from users where id = any($1) and (last_seen_at is null or last_seen_at < $2)
         order by id for no key update
       )
       update users u set last_seen_at = $2 from moved m where u.id = m.id
         and (u.last_seen_at is null or u.last_seen_at < $2)`,
      [ids, at],
    );
  }
}

/**
 * Checks that a text can be a user's id.
 *
 * @throws {BadUserInputError} when it has not 1 to 128 characters, or the database cannot store it
 */
export function checkUserId(field: string, id: string): void {
  checkText(field, id, { most: USER_ID_LENGTH });
}

function checkProfile(profile: UserProfile, field: string): void {
  checkUserId(`${field}.id`, profile.id);
  checkText(`${field}.username`, profile.username, { most: SHORT_TEXT_LENGTH });
  if (profile.displayName != null)
    checkText(`${field}.displayName`, profile.displayName, { least: 0, most: SHORT_TEXT_LENGTH });
}

function isProfile(profile: UserProfile): boolean {
  try {
    checkProfile(profile, 'token');
    return profile.avatarUrl == null || isHttpUrl(profile.avatarUrl);
  } catch {
    return false;
  }
}

function checkDistinct(profiles: readonly UserProfile[], field: (index: number) => string): void {
  const seen = new Set<string>();
  for (const [index, { id }] of profiles.entries()) {
    if (seen.has(id)) throw new BadUserInputError(`${field(index)}.id`, 'occurs twice');
    seen.add(id);
  }
}

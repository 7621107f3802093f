import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is written in one round trip. Every function that takes a lock takes it in a statement of its own and looks in
 * later ones: those have a snapshot that is younger than the lock, and see what was committed while it was waited for.
 * Locks are taken in the order of the house: conversation, offer, participant, then inboxes by user id.
 */
export class Functions1764000000002 implements MigrationInterface {
  name = 'Functions1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop function send_messages, expire_offer, record_offer, mark_read, notify_late, read_in_leaving, read_new_messages, append_event, notify, is_blocked, time_ordered_id',
    );
  }
}

/** Of each inbox that moved on: whose it is, how far, and by which notification. */
const MOVED_INBOXES = 'table (user_id text, sequence integer, notification_id uuid)';

const STATEMENTS = [
  // RFC 9562, section 5.7: 48 bits of milliseconds, then version, variant and chance. Postgres has its own from 18 on.
  `create function time_ordered_id() returns uuid language sql volatile as $$
    select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
      from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
  $$`,

  // In either direction.
  `create function is_blocked(p_one text, p_other text) returns boolean language sql stable as $$
    select exists (select from blocks where blocker_id = p_one and blocked_id = p_other)
      or exists (select from blocks where blocker_id = p_other and blocked_id = p_one)
  $$`,

  // Unread NEW_MESSAGE notifications of one conversation are one, which grows by p_count.
  `create function notify(
    p_user_ids text[], p_kind text, p_actor_id text, p_conversation_id uuid, p_message_id uuid, p_offer_id uuid,
    p_event_sequence integer, p_count integer, p_at timestamptz
  ) returns ${MOVED_INBOXES} language plpgsql as $$
  #variable_conflict use_column
  begin
    perform from inboxes where user_id = any(p_user_ids) order by user_id for update;
    return query
      with moved as (
        update inboxes i set last_sequence = i.last_sequence + 1 where i.user_id = any(p_user_ids)
        returning i.user_id, i.last_sequence
      )
      insert into notifications as n (id, user_id, sequence, added_sequence, kind, actor_id, conversation_id, message_id,
        offer_id, event_sequence, count, created_at)
      select time_ordered_id(), m.user_id, m.last_sequence, m.last_sequence, p_kind, p_actor_id, p_conversation_id,
        p_message_id, p_offer_id, p_event_sequence, p_count, p_at
      from moved m
      on conflict (user_id, conversation_id) where kind = 'NEW_MESSAGE' and read_at is null do update set
        sequence = excluded.sequence, added_sequence = excluded.added_sequence, count = n.count + excluded.count,
        -- What is told late may be older than what it grows by.
        actor_id = case when n.event_sequence > excluded.event_sequence then n.actor_id else excluded.actor_id end,
        message_id = case when n.event_sequence > excluded.event_sequence then n.message_id else excluded.message_id end,
        event_sequence = greatest(n.event_sequence, excluded.event_sequence)
      returning n.user_id, n.sequence, n.id;
  end $$`,

  // The one writer of the log. The caller holds the conversation's row lock, and what the event refers to is written.
  // With p_notifies everybody else who is present, active and has not muted it is notified, unless they are viewing.
  `create function append_event(
    p_conversation_id uuid, p_sequence integer, p_at timestamptz, p_kind text, p_actor_id text, p_message_id uuid,
    p_offer_id uuid, p_offer_version integer, p_offer_action text, p_participant_id text,
    p_notifies text, p_viewing text[]
  ) returns ${MOVED_INBOXES} language plpgsql as $$
  #variable_conflict use_column
  declare
    v_notified text[];
    v_viewing text[];
  begin
    if p_notifies is not null then
      select array_agg(p.user_id) filter (where p.user_id <> all(p_viewing)),
        array_agg(p.user_id) filter (where p.user_id = any(p_viewing)) into v_notified, v_viewing
      from participants p join users u on u.id = p.user_id and u.deactivated_at is null
      where p.conversation_id = p_conversation_id and p.left_at is null and p.user_id is distinct from p_actor_id
        and (p.muted_until is null or p.muted_until <= p_at)
        and (p_actor_id is null or not is_blocked(p.user_id, p_actor_id));
    end if;
    update conversations set last_sequence = p_sequence, updated_at = p_at where id = p_conversation_id;
    insert into conversation_events (conversation_id, sequence, kind, actor_id, message_id, offer_id, offer_version,
      offer_action, participant_id, notifies, viewing, at)
    values (p_conversation_id, p_sequence, p_kind, p_actor_id, p_message_id, p_offer_id, p_offer_version,
      p_offer_action, p_participant_id, case when v_viewing is not null then p_notifies end, v_viewing, p_at);
    if v_notified is not null then
      return query select * from notify(v_notified, p_notifies, p_actor_id, p_conversation_id, p_message_id, p_offer_id,
        p_sequence, 1, p_at);
    end if;
  end $$`,

  // Reads a person's NEW_MESSAGE notification of a conversation, if it stands for nothing after p_through.
  `create function read_new_messages(p_user_id text, p_conversation_id uuid, p_through integer, p_at timestamptz)
  returns ${MOVED_INBOXES} language plpgsql as $$
  #variable_conflict use_column
  begin
    perform from inboxes where user_id = p_user_id for update;
    return query
      with due as (
        select n.id from notifications n where n.user_id = p_user_id and n.conversation_id = p_conversation_id
          and n.kind = 'NEW_MESSAGE' and n.read_at is null and n.event_sequence <= p_through
      ), moved as (
        update inboxes i set last_sequence = i.last_sequence + 1
        where i.user_id = p_user_id and exists (select from due) returning i.last_sequence
      )
      update notifications n set read_at = p_at, sequence = m.last_sequence from moved m, due d where n.id = d.id
      returning n.user_id, n.sequence, n.id;
  end $$`,

  // The same of somebody who is about to go, while those in p_audience may be notified of what ends with that: one's own
  // participant before any inbox, and inboxes in the one order. The caller holds the conversation's row lock.
  `create function read_in_leaving(
    p_user_id text, p_conversation_id uuid, p_audience text[], p_through integer, p_at timestamptz
  ) returns ${MOVED_INBOXES} language plpgsql as $$
  #variable_conflict use_column
  begin
    perform from participants p
      where p.conversation_id = p_conversation_id and p.user_id = p_user_id for no key update;
    if exists (select from notifications n where n.user_id = p_user_id and n.conversation_id = p_conversation_id
        and n.kind = 'NEW_MESSAGE' and n.read_at is null) then
      perform from inboxes i where i.user_id = any(p_audience) order by i.user_id for update;
      return query select * from read_new_messages(p_user_id, p_conversation_id, p_through, p_at);
    end if;
  end $$`,

  // Moves a reading mark forward, to the log's end at most, and reads what it makes read. When it moved, the audience
  // is who is present, to be told.
  `create function mark_read(p_conversation_id uuid, p_user_id text, p_sequence integer)
  returns table (moved boolean, participant participants, audience text[], inbox jsonb) language plpgsql as $$
  declare
    v_at timestamptz(3);
  begin
    select p.* into participant from participants p
      where p.conversation_id = p_conversation_id and p.user_id = p_user_id and p.left_at is null for no key update;
    if not found then
      return;
    end if;
    v_at := clock_timestamp();
    update participants p set last_read_sequence = least(p_sequence, c.last_sequence), last_read_at = v_at
      from conversations c
      where c.id = p_conversation_id and p.conversation_id = p_conversation_id and p.user_id = p_user_id
        and p.last_read_sequence < least(p_sequence, c.last_sequence)
      returning p.* into participant;
    moved := found;
    if moved then
      select array_agg(p.user_id) into audience
        from participants p where p.conversation_id = p_conversation_id and p.left_at is null;
    else
      select p.* into participant from participants p where p.conversation_id = p_conversation_id and p.user_id = p_user_id;
    end if;
    select jsonb_agg(jsonb_build_object('userId', r.user_id, 'sequence', r.sequence, 'notificationId', r.notification_id))
      into inbox from read_new_messages(p_user_id, p_conversation_id, (participant).last_read_sequence, v_at) r;
    return next;
  end $$`,

  // What somebody was not notified of because they were viewing, and did not read after all. One grown notification
  // for the messages, one for each step of an offer. Up to p_after, if that is known, they were given everything.
  `create function notify_late(p_conversation_id uuid, p_user_id text, p_after integer)
  returns ${MOVED_INBOXES} language plpgsql as $$
  #variable_conflict use_column
  declare
    v_read integer;
    v_at timestamptz(3);
    v_event record;
  begin
    -- At the end of each view, when there is hardly ever something to do: not with a lock.
    if p_after is not null and not exists (select from conversation_events e
        where e.conversation_id = p_conversation_id and e.sequence > p_after and e.viewing @> array[p_user_id]) then
      return;
    end if;
    perform from conversations where id = p_conversation_id for no key update;
    select greatest(p.last_read_sequence, p_after) into v_read from participants p
      join users u on u.id = p.user_id and u.deactivated_at is null
      where p.conversation_id = p_conversation_id and p.user_id = p_user_id and p.left_at is null;
    if not found then
      return;
    end if;
    v_at := clock_timestamp();
    for v_event in
      with due as (
        update conversation_events e set viewing = nullif(array_remove(e.viewing, p_user_id), '{}'),
          notifies = case when e.viewing <> array[p_user_id] then e.notifies end
        from (select o.sequence, o.notifies from conversation_events o
          where o.conversation_id = p_conversation_id and o.sequence > v_read and o.viewing @> array[p_user_id]) o
        where e.conversation_id = p_conversation_id and e.sequence = o.sequence
        returning e.sequence, o.notifies, e.actor_id, e.message_id, e.offer_id
      ), wanted as (
        select d.* from due d left join messages m on m.id = d.message_id
        where m.deleted_at is null and (d.actor_id is null or not is_blocked(p_user_id, d.actor_id))
      )
      select (array_agg(w.actor_id order by w.sequence desc))[1] as actor_id, w.notifies,
        (array_agg(w.message_id order by w.sequence desc))[1] as message_id, w.offer_id, max(w.sequence) as sequence,
        count(*)::integer as count
      from wanted w group by w.notifies, w.offer_id, case when w.message_id is null then w.sequence end
      order by max(w.sequence)
    loop
      return query select * from notify(array[p_user_id], v_event.notifies, v_event.actor_id, p_conversation_id,
        v_event.message_id, v_event.offer_id, v_event.sequence, v_event.count, v_at);
    end loop;
  end $$`,

  // Writes the history's row and the log's event of the version that an offer has just reached.
  `create function record_offer(
    p_offer_id uuid, p_sequence integer, p_at timestamptz, p_action text, p_actor_id text, p_note text,
    p_input_hash text, p_notifies text, p_viewing text[]
  ) returns ${MOVED_INBOXES} language plpgsql as $$
  #variable_conflict use_column
  declare
    v_offer record;
  begin
    insert into offer_transitions (offer_id, version, action, actor_id, status, items, note, expires_at, input_hash, at)
      select id, version, p_action, p_actor_id, status, items, p_note, expires_at, p_input_hash, p_at
      from offers where id = p_offer_id;
    select conversation_id, version into v_offer from offers where id = p_offer_id;
    return query select * from append_event(v_offer.conversation_id, p_sequence, p_at, 'OFFER_UPDATED', p_actor_id, null,
      p_offer_id, v_offer.version, p_action, null, p_notifies, p_viewing);
  end $$`,

  // Ends an offer whose time is over by this very clock; no row when there is nothing to end (any more). What the
  // transition is called, leads from and to, comes from the one table of transitions. Without p_waits a conversation that
  // somebody holds is left alone: locked says so.
  `create function expire_offer(
    p_offer_id uuid, p_action text, p_from text, p_to text, p_notifies text, p_viewing text[], p_waits boolean
  ) returns table (
    locked boolean, conversation_id uuid, sequence integer, version integer, at timestamptz, audience text[], inboxes jsonb
  ) language plpgsql as $$
  #variable_conflict use_column
  declare
    v_conversation_id uuid;
    v_sequence integer;
    v_at timestamptz(3);
  begin
    select o.conversation_id into v_conversation_id from offers o where o.id = p_offer_id and o.status = p_from;
    if not found then
      return;
    end if;
    if p_waits then
      select c.last_sequence + 1 into v_sequence from conversations c where c.id = v_conversation_id for no key update;
    else
      select c.last_sequence + 1 into v_sequence from conversations c where c.id = v_conversation_id
        for no key update skip locked;
      if not found then
        locked := true;
        return next;
        return;
      end if;
    end if;
    locked := false;
    perform from offers o where o.id = p_offer_id for update;
    v_at := clock_timestamp();
    update offers o set status = p_to, version = o.version + 1, updated_at = v_at
      where o.id = p_offer_id and o.status = p_from and o.expires_at <= v_at
      returning o.version into version;
    if not found then
      return;
    end if;
    select array_agg(p.user_id) into audience
      from participants p where p.conversation_id = v_conversation_id and p.left_at is null;
    select jsonb_agg(jsonb_build_object('userId', m.user_id, 'sequence', m.sequence, 'notificationId', m.notification_id))
      into inboxes from record_offer(p_offer_id, v_sequence, v_at, p_action, null, null, null, p_notifies, p_viewing) m;
    conversation_id := v_conversation_id;
    sequence := v_sequence;
    at := v_at;
    return next;
  end $$`,

  // Sends messages into one conversation, in their order; each is written or refused by itself. A null sender is the
  // platform. Its callers put at most a few dozen into one call. Without p_is_complete there may be more who are viewing:
  // then nothing is written, and no row returned, unless p_viewing holds everybody who is present.
  `create function send_messages(p_conversation_id uuid, p_viewing text[], p_sends jsonb, p_is_complete boolean default true)
  returns table (outcome text, audience text[], inboxes jsonb, message messages, sender users) language plpgsql as $$
  #variable_conflict use_column
  declare
    v_conversation record;
    v_blocked boolean;
    v_send record;
    v_now timestamptz(3);
    v_joined integer;
    v_member record;
    v_reads boolean;
  begin
    select c.last_sequence, c.kind into v_conversation from conversations c where c.id = p_conversation_id for no key update;
    select coalesce(array_agg(p.user_id order by p.joined_at, p.user_id), '{}') into audience
      from participants p where p.conversation_id = p_conversation_id and p.left_at is null;
    if not p_is_complete and not audience <@ p_viewing then
      return;
    end if;
    if jsonb_array_length(p_sends) > 1 then
      -- Each message locks participants, then inboxes. Several would do so in turn, and lock a participant after an
      -- inbox, across somebody who marks the conversation read.
      perform from participants p where p.conversation_id = p_conversation_id and p.left_at is null
        order by p.user_id for no key update;
      perform from inboxes i where i.user_id = any(audience) order by i.user_id for update;
    end if;
    v_blocked := v_conversation.kind = 'PAIR' and array_length(audience, 1) = 2 and is_blocked(audience[1], audience[2]);
    for v_send in
      select * from jsonb_to_recordset(p_sends) as s (id uuid, "senderId" text, content text, attachments jsonb,
        "replyToId" uuid, "clientMessageId" text, "inputHash" text)
    loop
      message := null;
      inboxes := null;
      sender := null;
      if v_send."senderId" is null then
        v_joined := case when v_conversation.kind is not null then 0 end;
      else
        select p.joined_sequence, u as account into v_member from participants p
          join users u on u.id = p.user_id and u.deactivated_at is null
          where p.conversation_id = p_conversation_id and p.user_id = v_send."senderId" and p.left_at is null
            and not v_blocked;
        v_joined := v_member.joined_sequence;
        sender := v_member.account;
      end if;
      if v_joined is null then
        outcome := 'FORBIDDEN';
        return next;
        continue;
      end if;
      if v_send."clientMessageId" is not null then
        if v_send."senderId" is null then
          select m.* into message from messages m where m.conversation_id = p_conversation_id
            and m.sender_id is null and m.client_message_id = v_send."clientMessageId";
        else
          select m.* into message from messages m
            where m.sender_id = v_send."senderId" and m.client_message_id = v_send."clientMessageId";
        end if;
        if found then
          outcome := case when message.input_hash = v_send."inputHash" then 'REPEATED' else 'MISMATCH' end;
          return next;
          continue;
        end if;
      end if;
      if v_send."replyToId" is not null then
        perform from messages m
          where m.conversation_id = p_conversation_id and m.id = v_send."replyToId" and m.sequence > v_joined;
        if not found then
          outcome := 'NO_REPLY_TARGET';
          return next;
          continue;
        end if;
      end if;
      v_now := clock_timestamp();
      insert into messages as m
        (id, conversation_id, sequence, sender_id, content, attachments, reply_to_id, client_message_id, input_hash, created_at)
      values (v_send.id, p_conversation_id, v_conversation.last_sequence + 1, v_send."senderId", v_send.content,
        v_send.attachments, v_send."replyToId", v_send."clientMessageId", v_send."inputHash", v_now)
      -- The same id at the same moment in another conversation, whose lock is another one.
      on conflict (sender_id, client_message_id) do nothing
      returning m.* into message;
      if not found then
        outcome := 'MISMATCH';
        return next;
        continue;
      end if;
      v_conversation.last_sequence := v_conversation.last_sequence + 1;
      update participants p set archived = false,
        last_read_sequence = case p.user_id when v_send."senderId" then message.sequence else p.last_read_sequence end,
        last_read_at = case p.user_id when v_send."senderId" then v_now else p.last_read_at end
      where p.conversation_id = p_conversation_id and p.left_at is null
        and (p.archived or p.user_id = v_send."senderId");
      v_reads := exists (select from notifications n where n.user_id = v_send."senderId"
        and n.conversation_id = p_conversation_id and n.kind = 'NEW_MESSAGE' and n.read_at is null);
      if v_reads then
        -- The sender's inbox and the others', in the one order in which inboxes are locked.
        perform from inboxes i where i.user_id = any(audience) order by i.user_id for update;
      end if;
      with moved as (
        select * from append_event(p_conversation_id, message.sequence, v_now, 'MESSAGE_ADDED', message.sender_id,
          message.id, null, null, null, null, 'NEW_MESSAGE', p_viewing)
        union all
        select r.* from (select where v_reads) w
          cross join lateral read_new_messages(message.sender_id, p_conversation_id, message.sequence, v_now) r
      )
      select jsonb_agg(jsonb_build_object('userId', m.user_id, 'sequence', m.sequence, 'notificationId', m.notification_id))
        into inboxes from moved m;
      outcome := 'SENT';
      return next;
    end loop;
  end $$`,
];

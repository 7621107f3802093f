-- A database as Parley made it when its migrations still held their SQL in the program: the very
-- statements, then what TypeORM notes of them, and a conversation of two.

create table installation (
    id uuid not null default gen_random_uuid(),
    log_epoch uuid not null default gen_random_uuid(),
    singleton boolean primary key default true check (singleton)
  );

insert into installation default values;

create table users (
    id text primary key check (char_length(id) between 1 and 128),
    username text not null check (username <> ''),
    display_name text,
    avatar_url text,
    last_seen_at timestamptz(3),
    deactivated_at timestamptz(3),
    created_at timestamptz(3) not null default clock_timestamp()
  );

create table conversations (
    id uuid primary key,
    kind text not null check (kind in ('PAIR', 'GROUP')),
    pair_low text collate "C" references users,
    pair_high text collate "C" references users,
    listing_id text,
    subject text,
    creator_id text not null references users,
    client_conversation_id text,
    input_hash text,
    last_sequence integer not null default 0 check (last_sequence >= 0),
    created_at timestamptz(3) not null default clock_timestamp(),
    updated_at timestamptz(3) not null default clock_timestamp(),
    check ((pair_low is null) = (pair_high is null)),
    check (pair_low < pair_high),
    check (kind = 'PAIR' or pair_low is null),
    check ((client_conversation_id is null) = (input_hash is null))
  );

comment on column conversations.pair_low is 'The pair in order, while both are present: one live conversation a pair and listing';

create unique index conversations_one_a_pair on conversations (pair_low, pair_high, listing_id)
    nulls not distinct where pair_low is not null;

create unique index conversations_client_id on conversations (creator_id, client_conversation_id)
    where client_conversation_id is not null;

create table participants (
    conversation_id uuid not null references conversations,
    user_id text not null references users,
    joined_at timestamptz(3) not null default clock_timestamp(),
    joined_sequence integer not null default 0 check (joined_sequence >= 0),
    left_at timestamptz(3),
    last_read_sequence integer not null default 0 check (last_read_sequence >= 0),
    last_read_at timestamptz(3),
    archived boolean not null default false,
    muted_until timestamptz(3),
    primary key (conversation_id, user_id)
  );

create index participants_of_user on participants (user_id, conversation_id) where left_at is null;

create table messages (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    sequence integer not null check (sequence > 0),
    version integer not null default 1 check (version > 0),
    sender_id text,
    content text not null,
    attachments jsonb not null default '[]' check (jsonb_array_length(attachments) <= 10),
    reply_to_id uuid,
    client_message_id text check (char_length(client_message_id) between 1 and 64),
    input_hash text,
    created_at timestamptz(3) not null,
    edited_at timestamptz(3),
    deleted_at timestamptz(3),
    unique (conversation_id, sequence),
    unique (conversation_id, id),
    unique (sender_id, client_message_id),
    foreign key (conversation_id, sender_id) references participants,
    foreign key (conversation_id, reply_to_id) references messages (conversation_id, id),
    check ((client_message_id is null) = (input_hash is null)),
    check (deleted_at is null or (content = '' and attachments = '[]'))
  );

create table offers (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    initiator_id text not null,
    responder_id text not null,
    proposer_id text not null,
    recipient_id text not null,
    status text not null check (status in
      ('PENDING', 'ACCEPTED', 'DECLINED', 'WITHDRAWN', 'EXPIRED', 'COMPLETED', 'CANCELLED')),
    version integer not null check (version > 0),
    items jsonb not null check (jsonb_array_length(items) between 1 and 20),
    note text,
    expires_at timestamptz(3) not null,
    completion_confirmed_by text[] not null default '{}',
    client_offer_id text check (char_length(client_offer_id) between 1 and 64),
    input_hash text,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    unique (conversation_id, id),
    unique (initiator_id, client_offer_id),
    foreign key (conversation_id, initiator_id) references participants,
    foreign key (conversation_id, responder_id) references participants,
    check (initiator_id <> responder_id),
    check ((proposer_id, recipient_id) in ((initiator_id, responder_id), (responder_id, initiator_id))),
    check (completion_confirmed_by <@ array[initiator_id, responder_id]),
    check ((client_offer_id is null) = (input_hash is null))
  );

create index offers_of_conversation on offers (conversation_id, created_at, id);

create index offers_of_initiator on offers (initiator_id, created_at, id);

create index offers_of_responder on offers (responder_id, created_at, id);

create index offers_pending on offers (expires_at) where status = 'PENDING';

create table offer_transitions (
    offer_id uuid not null references offers,
    version integer not null check (version > 0),
    action text not null check (action in ('CREATE', 'COUNTER', 'REVISE', 'ACCEPT', 'DECLINE', 'WITHDRAW',
      'EXPIRE', 'CONFIRM_COMPLETION', 'COMPLETE', 'CANCEL')),
    actor_id text references users,
    status text not null,
    items jsonb not null,
    note text,
    expires_at timestamptz(3) not null,
    input_hash text,
    at timestamptz(3) not null,
    primary key (offer_id, version)
  );

create table conversation_events (
    conversation_id uuid not null references conversations,
    sequence integer not null check (sequence > 0),
    kind text not null,
    actor_id text references users,
    message_id uuid,
    offer_id uuid,
    offer_version integer,
    offer_action text,
    participant_id text,
    notifies text,
    viewing text[],
    at timestamptz(3) not null,
    primary key (conversation_id, sequence),
    foreign key (conversation_id, message_id) references messages (conversation_id, id),
    foreign key (conversation_id, offer_id) references offers (conversation_id, id),
    foreign key (offer_id, offer_version) references offer_transitions,
    foreign key (conversation_id, participant_id) references participants,
    unique (offer_id, offer_version),
    check (case
      when kind in ('MESSAGE_ADDED', 'MESSAGE_EDITED', 'MESSAGE_DELETED')
        then message_id is not null and num_nonnulls(offer_id, offer_version, offer_action, participant_id) = 0
      when kind = 'OFFER_UPDATED'
        then num_nonnulls(offer_id, offer_version, offer_action) = 3 and num_nonnulls(message_id, participant_id) = 0
      when kind in ('PARTICIPANT_ADDED', 'PARTICIPANT_REMOVED')
        then participant_id is not null and num_nonnulls(message_id, offer_id, offer_version, offer_action) = 0
      else false end),
    check ((notifies is null) = (viewing is null))
  );

comment on column conversation_events.viewing is
    'Who was not notified (of what notifies says), because they had the conversation open';

create index conversation_events_viewing on conversation_events (conversation_id, sequence) where viewing is not null;

create unique index messages_of_system on messages (conversation_id, client_message_id)
    where sender_id is null and client_message_id is not null;

create table blocks (
    blocker_id text not null references users,
    blocked_id text not null references users,
    created_at timestamptz(3) not null default clock_timestamp(),
    primary key (blocker_id, blocked_id),
    check (blocker_id <> blocked_id)
  );

create index blocks_of_blocked on blocks (blocked_id, blocker_id);

create table inboxes (
    user_id text primary key references users,
    last_sequence integer not null default 0 check (last_sequence >= 0)
  );

create function open_inbox() returns trigger language plpgsql as $$
  begin
    insert into inboxes (user_id) values (new.id);
    return null;
  end $$;

create trigger users_inbox after insert on users for each row execute function open_inbox();

create table notifications (
    id uuid primary key,
    user_id text not null references inboxes,
    sequence integer not null check (sequence > 0),
    added_sequence integer not null check (added_sequence between 1 and sequence),
    kind text not null,
    actor_id text references users,
    conversation_id uuid references conversations,
    message_id uuid,
    offer_id uuid,
    event_sequence integer,
    count integer not null default 1 check (count > 0),
    title text,
    body text,
    data jsonb,
    deduplication_key text,
    created_at timestamptz(3) not null,
    read_at timestamptz(3),
    unique (user_id, sequence),
    unique (user_id, deduplication_key),
    foreign key (conversation_id, message_id) references messages (conversation_id, id),
    foreign key (conversation_id, offer_id) references offers (conversation_id, id),
    check (case
      when kind = 'CUSTOM' then title is not null and num_nonnulls(conversation_id, message_id, offer_id) = 0
      when kind = 'NEW_MESSAGE' then num_nonnulls(conversation_id, message_id, event_sequence) = 3 and offer_id is null
      else num_nonnulls(conversation_id, offer_id, event_sequence) = 3 and message_id is null and count = 1 end)
  );

comment on column notifications.sequence is 'Place in the inbox: a new one at every change';

comment on column notifications.added_sequence is 'Place in the list: a new one when it grew, not when it was read';

create index notifications_listed on notifications (user_id, added_sequence);

create index notifications_unread on notifications (user_id, added_sequence) where read_at is null;

create unique index notifications_one_a_conversation on notifications (user_id, conversation_id)
    where kind = 'NEW_MESSAGE' and read_at is null;

create function time_ordered_id() returns uuid language sql volatile as $$
    select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
      placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
      from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
  $$;

create function is_blocked(p_one text, p_other text) returns boolean language sql stable as $$
    select exists (select from blocks where blocker_id = p_one and blocked_id = p_other)
      or exists (select from blocks where blocker_id = p_other and blocked_id = p_one)
  $$;

create function notify(
    p_user_ids text[], p_kind text, p_actor_id text, p_conversation_id uuid, p_message_id uuid, p_offer_id uuid,
    p_event_sequence integer, p_count integer, p_at timestamptz
  ) returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
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
  end $$;

create function append_event(
    p_conversation_id uuid, p_sequence integer, p_at timestamptz, p_kind text, p_actor_id text, p_message_id uuid,
    p_offer_id uuid, p_offer_version integer, p_offer_action text, p_participant_id text,
    p_notifies text, p_viewing text[]
  ) returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
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
  end $$;

create function read_new_messages(p_user_id text, p_conversation_id uuid, p_through integer, p_at timestamptz)
  returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
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
  end $$;

create function read_in_leaving(
    p_user_id text, p_conversation_id uuid, p_audience text[], p_through integer, p_at timestamptz
  ) returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
  #variable_conflict use_column
  begin
    perform from participants p
      where p.conversation_id = p_conversation_id and p.user_id = p_user_id for no key update;
    if exists (select from notifications n where n.user_id = p_user_id and n.conversation_id = p_conversation_id
        and n.kind = 'NEW_MESSAGE' and n.read_at is null) then
      perform from inboxes i where i.user_id = any(p_audience) order by i.user_id for update;
      return query select * from read_new_messages(p_user_id, p_conversation_id, p_through, p_at);
    end if;
  end $$;

create function mark_read(p_conversation_id uuid, p_user_id text, p_sequence integer)
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
  end $$;

create function notify_late(p_conversation_id uuid, p_user_id text, p_after integer)
  returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
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
  end $$;

create function record_offer(
    p_offer_id uuid, p_sequence integer, p_at timestamptz, p_action text, p_actor_id text, p_note text,
    p_input_hash text, p_notifies text, p_viewing text[]
  ) returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
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
  end $$;

create function expire_offer(
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
  end $$;

create function send_messages(p_conversation_id uuid, p_viewing text[], p_sends jsonb, p_is_complete boolean default true)
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
  end $$;

create table migrations (id serial primary key, "timestamp" bigint not null, name varchar not null);
insert into migrations ("timestamp", name) values
  (1764000000001, 'Initial1764000000001'), (1764000000002, 'Functions1764000000002');

insert into users (id, username) values ('alice', 'alice'), ('bob', 'bob');
insert into conversations (id, kind, pair_low, pair_high, creator_id) values
  ('018f0000-0000-7000-8000-000000000001', 'PAIR', 'alice', 'bob', 'alice');
insert into participants (conversation_id, user_id) values
  ('018f0000-0000-7000-8000-000000000001', 'alice'), ('018f0000-0000-7000-8000-000000000001', 'bob');
select outcome from send_messages('018f0000-0000-7000-8000-000000000001', '{}', '[{"id": "018f0000-0000-7000-8000-000000000002", "senderId": "alice", "content": "Hello", "attachments": []}]');

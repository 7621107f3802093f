import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tables of people, conversations, messages, offers and the log. Constraints make a wrong state
 * impossible even where code is wrong: a sequence or a version twice, a second conversation of a
 * pair, a message of somebody who never took part, an offer whose parties are not two.
 *
 * Times are timestamptz(3): what JavaScript and the API show is all there is, so a cursor made of a
 * time is exact.
 */
export class Initial1764000000001 implements MigrationInterface {
  name = 'Initial1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function send_messages, append_event');
    await runner.query(
      'drop table conversation_events, offer_transitions, offers, messages, participants, conversations, users, installation',
    );
  }
}

const STATEMENTS = [
  `create table installation (
    id uuid not null default gen_random_uuid(),
    log_epoch uuid not null default gen_random_uuid(),
    singleton boolean primary key default true check (singleton)
  )`,
  `insert into installation default values`,

  `create table users (
    id text primary key check (char_length(id) between 1 and 128),
    username text not null check (username <> ''),
    display_name text,
    avatar_url text,
    last_seen_at timestamptz(3),
    deactivated_at timestamptz(3),
    created_at timestamptz(3) not null default clock_timestamp()
  )`,

  `create table conversations (
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
  )`,
  `comment on column conversations.pair_low is 'The pair in order, while both are present: one live conversation a pair and listing'`,
  `create unique index conversations_one_a_pair on conversations (pair_low, pair_high, listing_id)
    nulls not distinct where pair_low is not null`,
  `create unique index conversations_client_id on conversations (creator_id, client_conversation_id)
    where client_conversation_id is not null`,

  `create table participants (
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
  )`,
  `create index participants_of_user on participants (user_id, conversation_id) where left_at is null`,

  `create table messages (
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
  )`,

  `create table offers (
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
  )`,
  `create index offers_of_conversation on offers (conversation_id, created_at, id)`,
  `create index offers_of_initiator on offers (initiator_id, created_at, id)`,
  `create index offers_of_responder on offers (responder_id, created_at, id)`,
  `create index offers_pending on offers (expires_at) where status = 'PENDING'`,

  `create table offer_transitions (
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
  )`,

  `create table conversation_events (
    conversation_id uuid not null references conversations,
    sequence integer not null check (sequence > 0),
    kind text not null,
    actor_id text references users,
    message_id uuid,
    offer_id uuid,
    offer_version integer,
    offer_action text,
    participant_id text,
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
      else false end)
  )`,

  // The one writer of the log. The caller holds the conversation's row lock, and what the event refers to is written.
  `create function append_event(
    p_conversation_id uuid, p_sequence integer, p_at timestamptz, p_kind text, p_actor_id text, p_message_id uuid,
    p_offer_id uuid, p_offer_version integer, p_offer_action text, p_participant_id text
  ) returns void language plpgsql as $$
  begin
    update conversations set last_sequence = p_sequence, updated_at = p_at where id = p_conversation_id;
    insert into conversation_events
      (conversation_id, sequence, kind, actor_id, message_id, offer_id, offer_version, offer_action, participant_id, at)
    values (p_conversation_id, p_sequence, p_kind, p_actor_id, p_message_id, p_offer_id, p_offer_version, p_offer_action,
      p_participant_id, p_at);
  end $$`,

  // Sends messages into one conversation, in their order, in one round trip; each is written or refused by itself.
  // The lock comes first and in a statement of its own: each later one has a snapshot that is younger than the lock.
  `create function send_messages(p_conversation_id uuid, p_sends jsonb)
  returns table (outcome text, audience text[], message messages) language plpgsql as $$
  #variable_conflict use_column
  declare
    v_sequence integer;
    v_send record;
    v_now timestamptz(3);
    v_joined integer;
  begin
    select c.last_sequence into v_sequence from conversations c where c.id = p_conversation_id for no key update;
    select array_agg(p.user_id order by p.joined_at, p.user_id) into audience
      from participants p where p.conversation_id = p_conversation_id and p.left_at is null;
    for v_send in
      select * from jsonb_to_recordset(p_sends) as s (id uuid, "senderId" text, content text, attachments jsonb,
        "replyToId" uuid, "clientMessageId" text, "inputHash" text)
    loop
      message := null;
      select p.joined_sequence into v_joined from participants p
        join users u on u.id = p.user_id and u.deactivated_at is null
        where p.conversation_id = p_conversation_id and p.user_id = v_send."senderId" and p.left_at is null;
      if not found then
        outcome := 'FORBIDDEN';
        return next;
        continue;
      end if;
      if v_send."clientMessageId" is not null then
        select m.* into message from messages m
          where m.sender_id = v_send."senderId" and m.client_message_id = v_send."clientMessageId";
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
      values (v_send.id, p_conversation_id, v_sequence + 1, v_send."senderId", v_send.content, v_send.attachments,
        v_send."replyToId", v_send."clientMessageId", v_send."inputHash", v_now)
      -- The same id at the same moment in another conversation, whose lock is another one.
      on conflict (sender_id, client_message_id) do nothing
      returning m.* into message;
      if not found then
        outcome := 'MISMATCH';
        return next;
        continue;
      end if;
      v_sequence := v_sequence + 1;
      perform append_event(p_conversation_id, v_sequence, v_now, 'MESSAGE_ADDED', v_send."senderId", v_send.id,
        null, null, null, null);
      update participants p set archived = false,
        last_read_sequence = case p.user_id when v_send."senderId" then v_sequence else p.last_read_sequence end,
        last_read_at = case p.user_id when v_send."senderId" then v_now else p.last_read_at end
      where p.conversation_id = p_conversation_id and p.left_at is null and (p.archived or p.user_id = v_send."senderId");
      outcome := 'SENT';
      return next;
    end loop;
  end $$`,
];

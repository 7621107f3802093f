-- Sends messages into one conversation, in their order; each is written or refused by itself. A
-- null sender is the platform. Its callers put at most a few dozen into one call. The conversation
-- is locked only when at least one of the senders may send here.
create function send_messages(p_conversation_id uuid, p_viewing text[], p_sends jsonb)
returns table (outcome text, audience text[], inboxes jsonb, message messages,
  sender users) language plpgsql as $$
#variable_conflict use_column
declare
  v_may_write boolean;
  v_conversation record;
  v_blocked boolean;
  v_send record;
  v_now timestamptz(3);
  v_joined integer;
  v_member record;
  v_reads boolean;
begin
  if jsonb_array_length(p_sends) = 1 then
    v_may_write := p_sends->0->>'senderId' is null
      or may_write(p_conversation_id, p_sends->0->>'senderId', false);
  else
    v_may_write := exists (select from jsonb_array_elements(p_sends) s where s->>'senderId' is null
      or may_write(p_conversation_id, s->>'senderId', false));
  end if;
  if v_may_write then
    select c.last_sequence, c.kind into v_conversation from conversations c
      where c.id = p_conversation_id for no key update;
  end if;
  if not v_may_write or not found then
    -- None of them may send here, and nothing was locked to find that out.
    return query select 'FORBIDDEN', '{}'::text[], null::jsonb, null::messages, null::users
      from jsonb_array_elements(p_sends);
    return;
  end if;
  select coalesce(array_agg(p.user_id order by p.joined_at, p.user_id), '{}') into audience
    from participants p where p.conversation_id = p_conversation_id and p.left_at is null;
  if jsonb_array_length(p_sends) > 1 then
    -- Each message locks participants, then inboxes. Several would do so in turn, and lock a
    -- participant after an inbox, across somebody who marks the conversation read.
    perform from participants p where p.conversation_id = p_conversation_id and p.left_at is null
      order by p.user_id for no key update;
    perform from inboxes i where i.user_id = any(audience) order by i.user_id for update;
  end if;
  v_blocked := v_conversation.kind = 'PAIR' and array_length(audience, 1) = 2
    and is_blocked(audience[1], audience[2]);
  for v_send in
    select * from jsonb_to_recordset(p_sends) as s (id uuid, "senderId" text, content text,
      attachments jsonb, "replyToId" uuid, "clientMessageId" text, "inputHash" text)
  loop
    message := null;
    inboxes := null;
    sender := null;
    if v_send."senderId" is null then
      v_joined := 0;
    else
      select p.joined_sequence, u as account into v_member from participants p
        join users u on u.id = p.user_id and u.deactivated_at is null
        where p.conversation_id = p_conversation_id and p.user_id = v_send."senderId"
          and p.left_at is null
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
        outcome := case when message.input_hash = v_send."inputHash"
          then 'REPEATED' else 'MISMATCH' end;
        return next;
        continue;
      end if;
    end if;
    if v_send."replyToId" is not null then
      perform from messages m
        where m.conversation_id = p_conversation_id and m.id = v_send."replyToId"
          and m.sequence > v_joined;
      if not found then
        outcome := 'NO_REPLY_TARGET';
        return next;
        continue;
      end if;
    end if;
    v_now := clock_timestamp();
    insert into messages as m
      (id, conversation_id, sequence, sender_id, content, attachments, reply_to_id,
        client_message_id, input_hash, created_at)
    values (v_send.id, p_conversation_id, v_conversation.last_sequence + 1, v_send."senderId",
      v_send.content, v_send.attachments, v_send."replyToId", v_send."clientMessageId",
      v_send."inputHash", v_now)
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
      last_read_sequence = case p.user_id when v_send."senderId"
        then message.sequence else p.last_read_sequence end,
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
      select * from append_event(p_conversation_id, message.sequence, v_now, 'MESSAGE_ADDED',
        message.sender_id, message.id, null, null, null, null, 'NEW_MESSAGE', p_viewing)
      union all
      select r.* from (select where v_reads) w
        cross join lateral read_new_messages(message.sender_id, p_conversation_id, message.sequence,
          v_now) r
    )
    select jsonb_agg(jsonb_build_object('userId', m.user_id, 'sequence', m.sequence,
        'notificationId', m.notification_id))
      into inboxes from moved m;
    outcome := 'SENT';
    return next;
  end loop;
end $$;

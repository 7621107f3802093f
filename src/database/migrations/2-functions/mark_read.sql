-- Moves a reading mark forward, to the log's end at most, and reads what it makes read. When it
-- moved, the audience is who is present, to be told.
create function mark_read(p_conversation_id uuid, p_user_id text, p_sequence integer)
returns table (moved boolean, participant participants, audience text[], inbox jsonb)
  language plpgsql as $$
declare
  v_at timestamptz(3);
begin
  select p.* into participant from participants p
    where p.conversation_id = p_conversation_id and p.user_id = p_user_id
      and p.left_at is null for no key update;
  if not found then
    return;
  end if;
  v_at := clock_timestamp();
  update participants p set last_read_sequence = least(p_sequence, c.last_sequence),
    last_read_at = v_at
    from conversations c
    where c.id = p_conversation_id and p.conversation_id = p_conversation_id
      and p.user_id = p_user_id
      and p.last_read_sequence < least(p_sequence, c.last_sequence)
    returning p.* into participant;
  moved := found;
  if moved then
    select array_agg(p.user_id) into audience
      from participants p where p.conversation_id = p_conversation_id and p.left_at is null;
  else
    select p.* into participant from participants p where p.conversation_id = p_conversation_id
      and p.user_id = p_user_id;
  end if;
  select jsonb_agg(jsonb_build_object('userId', r.user_id, 'sequence', r.sequence,
      'notificationId', r.notification_id))
    into inbox from read_new_messages(p_user_id, p_conversation_id,
      (participant).last_read_sequence, v_at) r;
  return next;
end $$;

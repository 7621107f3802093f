-- Reads a person's NEW_MESSAGE notification of a conversation, if it stands for nothing after
-- p_through.
create function read_new_messages(p_user_id text, p_conversation_id uuid, p_through integer,
  p_at timestamptz)
returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
#variable_conflict use_column
begin
  perform from inboxes where user_id = p_user_id for update;
  return query
    with due as (
      select n.id from notifications n where n.user_id = p_user_id
        and n.conversation_id = p_conversation_id
        and n.kind = 'NEW_MESSAGE' and n.read_at is null and n.event_sequence <= p_through
    ), moved as (
      update inboxes i set last_sequence = i.last_sequence + 1
      where i.user_id = p_user_id and exists (select from due) returning i.last_sequence
    )
    update notifications n set read_at = p_at, sequence = m.last_sequence from moved m, due d
      where n.id = d.id
    returning n.user_id, n.sequence, n.id;
end $$;

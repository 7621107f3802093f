-- Unread NEW_MESSAGE notifications of one conversation are one, which grows by p_count.
create function notify(
  p_user_ids text[], p_kind text, p_actor_id text, p_conversation_id uuid, p_message_id uuid,
  p_offer_id uuid, p_event_sequence integer, p_count integer, p_at timestamptz
) returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
#variable_conflict use_column
begin
  perform from inboxes where user_id = any(p_user_ids) order by user_id for update;
  return query
    with moved as (
      update inboxes i set last_sequence = i.last_sequence + 1 where i.user_id = any(p_user_ids)
      returning i.user_id, i.last_sequence
    )
    insert into notifications as n (id, user_id, sequence, added_sequence, kind, actor_id,
      conversation_id, message_id, offer_id, event_sequence, count, created_at)
    select time_ordered_id(), m.user_id, m.last_sequence, m.last_sequence, p_kind, p_actor_id,
      p_conversation_id, p_message_id, p_offer_id, p_event_sequence, p_count, p_at
    from moved m
    on conflict (user_id, conversation_id) where kind = 'NEW_MESSAGE' and read_at is null
    do update set
      sequence = excluded.sequence,
      added_sequence = excluded.added_sequence,
      count = n.count + excluded.count,
      -- A late notification may be about an older event than the one it joins.
      actor_id = case when n.event_sequence > excluded.event_sequence
        then n.actor_id else excluded.actor_id end,
      message_id = case when n.event_sequence > excluded.event_sequence
        then n.message_id else excluded.message_id end,
      event_sequence = greatest(n.event_sequence, excluded.event_sequence)
    returning n.user_id, n.sequence, n.id;
end $$;

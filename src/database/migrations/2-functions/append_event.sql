-- The one writer of the log. The caller holds the conversation's row lock, and what the event
-- refers to is written. With p_notifies everybody else who is present, active and has not muted it
-- is notified, unless they are viewing.
create function append_event(
  p_conversation_id uuid, p_sequence integer, p_at timestamptz, p_kind text, p_actor_id text,
  p_message_id uuid, p_offer_id uuid, p_offer_version integer, p_offer_action text,
  p_participant_id text, p_notifies text, p_viewing text[]
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
    where p.conversation_id = p_conversation_id and p.left_at is null
      and p.user_id is distinct from p_actor_id
      and (p.muted_until is null or p.muted_until <= p_at)
      and (p_actor_id is null or not is_blocked(p.user_id, p_actor_id));
  end if;
  update conversations set last_sequence = p_sequence, updated_at = p_at
    where id = p_conversation_id;
  insert into conversation_events (conversation_id, sequence, kind, actor_id, message_id, offer_id,
    offer_version, offer_action, participant_id, notifies, viewing, at)
  values (p_conversation_id, p_sequence, p_kind, p_actor_id, p_message_id, p_offer_id,
    p_offer_version, p_offer_action, p_participant_id,
    case when v_viewing is not null then p_notifies end, v_viewing, p_at);
  if v_notified is not null then
    return query select * from notify(v_notified, p_notifies, p_actor_id, p_conversation_id,
      p_message_id, p_offer_id, p_sequence, 1, p_at);
  end if;
end $$;

-- The one writer of the log. The caller holds the conversation's row lock, and has written what the
-- event refers to. With p_notifies everybody else who is present, active and has not muted the
-- conversation is notified, unless they are viewing. Of an offer's step only those are who see the
-- offer: its parties, and those who joined before it was made.
create or replace function append_event(
  p_conversation_id uuid, p_sequence integer, p_at timestamptz, p_kind text, p_actor_id text,
  p_message_id uuid, p_offer_id uuid, p_offer_version integer, p_offer_action text,
  p_participant_id text, p_notifies text, p_viewing text[]
) returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
#variable_conflict use_column
declare
  v_notified text[];
  v_viewing text[];
  v_offer record;
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
  if p_notifies is not null and p_offer_version > 1 then
    select o.initiator_id, o.responder_id, created_sequence(o.id) as made into v_offer
      from offers o where o.id = p_offer_id;
    select array_agg(p.user_id) filter (where p.user_id = any(v_notified)),
      array_agg(p.user_id) filter (where p.user_id = any(v_viewing)) into v_notified, v_viewing
    from participants p where p.conversation_id = p_conversation_id
      and (p.joined_sequence < v_offer.made
        or p.user_id in (v_offer.initiator_id, v_offer.responder_id));
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

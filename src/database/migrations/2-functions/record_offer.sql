-- Writes the history's row and the log's event of the version that an offer has just reached.
create function record_offer(
  p_offer_id uuid, p_sequence integer, p_at timestamptz, p_action text, p_actor_id text,
    p_note text, p_input_hash text, p_notifies text, p_viewing text[]
) returns table (user_id text, sequence integer, notification_id uuid) language plpgsql as $$
#variable_conflict use_column
declare
  v_offer record;
begin
  insert into offer_transitions (offer_id, version, action, actor_id, status, items, note,
    expires_at, input_hash, at)
    select id, version, p_action, p_actor_id, status, items, p_note, expires_at, p_input_hash, p_at
    from offers where id = p_offer_id;
  select conversation_id, version into v_offer from offers where id = p_offer_id;
  return query select * from append_event(v_offer.conversation_id, p_sequence, p_at,
    'OFFER_UPDATED', p_actor_id, null, p_offer_id, v_offer.version, p_action, null, p_notifies,
      p_viewing);
end $$;

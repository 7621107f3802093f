-- Ends an offer whose time is over by this very clock; no row when there is nothing to end (any
-- more). What the transition is called, leads from and to, comes from the one table of transitions.
-- Without p_waits a conversation that somebody holds is left alone: locked says so.
create function expire_offer(
  p_offer_id uuid, p_action text, p_from text, p_to text, p_notifies text, p_viewing text[],
  p_waits boolean
) returns table (
  locked boolean, conversation_id uuid, sequence integer, version integer, at timestamptz,
  audience text[], inboxes jsonb
) language plpgsql as $$
#variable_conflict use_column
declare
  v_conversation_id uuid;
  v_sequence integer;
  v_at timestamptz(3);
begin
  select o.conversation_id into v_conversation_id from offers o where o.id = p_offer_id
    and o.status = p_from;
  if not found then
    return;
  end if;
  if p_waits then
    select c.last_sequence + 1 into v_sequence from conversations c
      where c.id = v_conversation_id for no key update;
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
  select jsonb_agg(jsonb_build_object('userId', m.user_id, 'sequence', m.sequence,
      'notificationId', m.notification_id))
    into inboxes from record_offer(p_offer_id, v_sequence, v_at, p_action, null, null, null,
      p_notifies, p_viewing) m;
  conversation_id := v_conversation_id;
  sequence := v_sequence;
  at := v_at;
  return next;
end $$;

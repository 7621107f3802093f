-- Ends the user's pending offers in a conversation, whose row the caller has locked: withdraws
-- those that the user proposed, and declines the others. With p_departs the user leaves it as well,
-- and has then read its messages. Each p_withdraw and p_decline is a row of the table of
-- transitions: the action, the status after it, and the kind of the notification.
--
-- All of it is one statement for its caller, since it locks inboxes, which other conversations need
-- as well. They are locked once, after the offers and the participant, in the order of user ids.
-- Others are notified of the offers that they see: as a party, or because they joined before it was
-- made. The user is notified of nothing: a notification would lead to a conversation that they
-- left. In p_inboxes each inbox stands once, with the newest notification of it.
create function end_participation(
  p_conversation_id uuid, p_user_id text, p_actor_id text, p_departs boolean, p_at timestamptz,
  p_from text, p_withdraw text[], p_decline text[], p_viewing text[]
) returns table (events jsonb, inboxes jsonb) language plpgsql as $$
#variable_conflict use_column
declare
  v_through integer;
  v_last integer;
  v_notified text[];
  v_reads boolean;
  v_read jsonb;
begin
  select c.last_sequence into v_through from conversations c where c.id = p_conversation_id;
  perform from offers o where o.conversation_id = p_conversation_id and o.status = p_from
    and p_user_id in (o.initiator_id, o.responder_id) order by o.id for update;
  select array_agg(p.user_id) into v_notified
    from participants p join users u on u.id = p.user_id and u.deactivated_at is null
    where found and p.conversation_id = p_conversation_id and p.left_at is null
      and p.user_id <> p_user_id and (p.muted_until is null or p.muted_until <= p_at)
      and (p_actor_id is null or not is_blocked(p.user_id, p_actor_id));
  v_reads := p_departs and exists (select from notifications n where n.user_id = p_user_id
    and n.conversation_id = p_conversation_id and n.kind = 'NEW_MESSAGE' and n.read_at is null);
  if p_departs then
    update participants p set left_at = p_at
      where p.conversation_id = p_conversation_id and p.user_id = p_user_id;
  end if;
  perform from inboxes i where i.user_id = any(v_notified) and i.user_id <> all(p_viewing)
    or v_reads and i.user_id = p_user_id order by i.user_id for update;
  with ended as (
    update offers o set version = o.version + 1, updated_at = p_at,
      status = (case o.proposer_id when p_user_id then p_withdraw else p_decline end)[2]
    where o.conversation_id = p_conversation_id and o.status = p_from
      and p_user_id in (o.initiator_id, o.responder_id)
    returning o.*, case o.proposer_id when p_user_id then p_withdraw else p_decline end as step,
      created_sequence(o.id) as made
  ), step as (
    select e.*, e.step[1] as action, e.step[3] as notifies,
      v_through + (row_number() over (order by e.id))::integer as sequence
    from ended e
  ), history as (
    insert into offer_transitions (offer_id, version, action, actor_id, status, items, expires_at,
      at)
    select s.id, s.version, s.action, p_actor_id, s.status, s.items, s.expires_at, p_at from step s
  ), reached as (
    select s.id, s.sequence, s.notifies, p.user_id, p.user_id = any(p_viewing) as viewing
    from step s join participants p on p.conversation_id = p_conversation_id
      and p.user_id = any(v_notified)
      and (p.joined_sequence < s.made or p.user_id in (s.initiator_id, s.responder_id))
  ), logged as (
    insert into conversation_events (conversation_id, sequence, kind, actor_id, offer_id,
      offer_version, offer_action, notifies, viewing, at)
    select p_conversation_id, s.sequence, 'OFFER_UPDATED', p_actor_id, s.id, s.version, s.action,
      case when v.viewing is not null then s.notifies end, v.viewing, p_at
    from step s cross join lateral (select array_agg(r.user_id) as viewing from reached r
      where r.id = s.id and r.viewing) v
  ), added as (
    select r.*, (row_number() over (partition by r.user_id order by r.sequence))::integer as place
    from reached r where not r.viewing
  ), moved as (
    update inboxes i set last_sequence = i.last_sequence + a.count
    from (select a.user_id, count(*)::integer as count from added a group by a.user_id) a
    where i.user_id = a.user_id
    returning i.user_id, i.last_sequence, i.last_sequence - a.count as before
  ), notified as (
    insert into notifications as n (id, user_id, sequence, added_sequence, kind, actor_id,
      conversation_id, offer_id, event_sequence, created_at)
    select time_ordered_id(), a.user_id, m.before + a.place, m.before + a.place, a.notifies,
      p_actor_id, p_conversation_id, a.id, a.sequence, p_at
    from added a join moved m on m.user_id = a.user_id
    returning n.id, n.user_id, n.sequence
  )
  select (select jsonb_agg(jsonb_build_object('sequence', s.sequence, 'offerId', s.id,
        'version', s.version, 'action', s.action) order by s.sequence) from step s),
    (select jsonb_agg(jsonb_build_object('userId', n.user_id, 'sequence', n.sequence,
        'notificationId', n.id)) from notified n
      join moved m on m.user_id = n.user_id and m.last_sequence = n.sequence)
    into events, inboxes;
  v_last := v_through + coalesce(jsonb_array_length(events), 0);
  if not p_departs then
    update conversations c set last_sequence = v_last, updated_at = p_at
      where c.id = p_conversation_id and c.last_sequence < v_last;
    return next;
    return;
  end if;
  perform forget_viewing(p_conversation_id, p_user_id, v_last);
  update conversations c set pair_low = null, pair_high = null
    where c.id = p_conversation_id and c.pair_low is not null;
  perform append_event(p_conversation_id, v_last + 1, p_at, 'PARTICIPANT_REMOVED', p_actor_id, null,
    null, null, null, p_user_id, null, null);
  if v_reads then
    select jsonb_agg(jsonb_build_object('userId', r.user_id, 'sequence', r.sequence,
        'notificationId', r.notification_id)) into v_read
      from read_new_messages(p_user_id, p_conversation_id, v_through, p_at) r;
    inboxes := coalesce(inboxes || v_read, v_read, inboxes);
  end if;
  return next;
end $$;

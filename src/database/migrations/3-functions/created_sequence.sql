-- The sequence of the event with which the offer was made.
create function created_sequence(p_offer_id uuid) returns integer language plpgsql stable as $$
begin
  return (select e.sequence from conversation_events e
    where e.offer_id = p_offer_id and e.offer_version = 1);
end $$;

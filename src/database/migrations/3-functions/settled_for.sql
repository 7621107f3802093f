-- The sequence up to which no event of a conversation is told to the user late any more: the user
-- has read it, or 1,000 newer ones exist. All of them when the user is not present or not active.
create function settled_for(p_conversation_id uuid, p_user_id text) returns integer
language plpgsql stable as $$
begin
  return coalesce((select greatest(p.last_read_sequence, c.last_sequence - 1000)
    from participants p
    join conversations c on c.id = p.conversation_id
    join users u on u.id = p.user_id and u.deactivated_at is null
    where p.conversation_id = p_conversation_id and p.user_id = p_user_id
      and p.left_at is null), 2147483647);
end $$;

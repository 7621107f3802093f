-- Looks without a lock whether the user may write into the conversation: present, active and,
-- unless p_across_block, in a pair with no block between the two. The statement that locks the
-- conversation has this as a condition, so a user who may not write holds up nobody who may. The
-- truth is the look behind the lock.
create function may_write(p_conversation_id uuid, p_user_id text, p_across_block boolean)
returns boolean language sql stable as $$
  select exists (select from participants p
      join users u on u.id = p.user_id and u.deactivated_at is null
      where p.conversation_id = p_conversation_id and p.user_id = p_user_id and p.left_at is null)
    and (p_across_block or not exists (select from conversations c
      join participants p on p.conversation_id = c.id and p.left_at is null
      where c.id = p_conversation_id and c.kind = 'PAIR' and is_blocked(p_user_id, p.user_id)))
$$;

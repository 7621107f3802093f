-- Looks without a lock whether the user may write into the conversation: present, active and,
-- unless p_across_block, in a pair with no block between the two. What locks the conversation looks
-- so before, so a user who may not write holds up nobody who may. The truth is the look behind the
-- lock.
--
-- It is on the way of every message: one statement where there is no block of the user at all, and
-- in PL/pgSQL, which keeps the plan.
create function may_write(p_conversation_id uuid, p_user_id text, p_across_block boolean)
returns boolean language plpgsql stable as $$
declare
  v_unblocked boolean;
begin
  select p_across_block or not exists (select from blocks where blocker_id = p_user_id)
      and not exists (select from blocks where blocked_id = p_user_id) into v_unblocked
    from participants p join users u on u.id = p.user_id and u.deactivated_at is null
    where p.conversation_id = p_conversation_id and p.user_id = p_user_id and p.left_at is null;
  if not found or v_unblocked then
    return found;
  end if;
  return not exists (select from conversations c
    join participants p on p.conversation_id = c.id and p.left_at is null
    where c.id = p_conversation_id and c.kind = 'PAIR' and is_blocked(p_user_id, p.user_id));
end $$;

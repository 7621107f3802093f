-- Most notifications have no key. Without them the index is small, costs their writing nothing, and
-- is no way to all notifications of a user, which the planner took to count the unread ones.
create unique index notifications_deduplicated on notifications (user_id, deduplication_key)
  where deduplication_key is not null;

alter table notifications drop constraint notifications_user_id_deduplication_key_key;

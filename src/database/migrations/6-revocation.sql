-- A token of the user that was issued before this moment is not accepted; null accepts them all.
alter table users add column tokens_valid_from timestamptz(3);

-- The timeline on which the nodes saw the database last; null until the first node looks.
alter table installation add column timeline integer;

-- Returns the timeline of this server: a promoted standby begins a new one. null on a standby, and
-- where the server does not tell. pg_control_checkpoint() would show it only after a checkpoint.
create function current_timeline() returns integer
language plpgsql as $$
begin
  if pg_is_in_recovery() then
    return null;
  end if;
  return ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer;
exception when others then
  return null;
end $$;

-- Notes the present timeline, and returns the log epoch. The first caller that sees a new timeline
-- changes the epoch, if changes_epoch; one that waited for its lock finds the timeline noted.
create function note_timeline(changes_epoch boolean) returns uuid
language plpgsql as $$
declare
  present integer := current_timeline();
begin
  update installation
  set timeline = present,
    log_epoch = case
      when changes_epoch and timeline is not null then gen_random_uuid()
      else log_epoch
    end
  where present is not null and timeline is distinct from present;
  return (select log_epoch from installation);
end $$;

drop view ponte.tasks;

create or replace function fin.renew_client_sync(p_id uuid, p_lease interval) returns boolean
language plpgsql -- keeps its plan: it runs before every call to Omie
as $$
begin
  update fin.erp_sync_log set lease_until = clock_timestamp() + p_lease
   where id = p_id and status = 'running';
  return found;
end
$$;

drop function fin.renew_erp_sync_log(uuid, interval);
drop trigger tell_workers on fin.erp_sync_log;
alter table fin.erp_sync_log
  drop tentativas, drop max_tentativas, drop proxima_tentativa_em, drop lease_ate,
  drop lease_token, drop worker, drop updated_at;

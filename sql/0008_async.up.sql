-- A client sync left to the workers (Prefer: respond-async), and what was left to them as callers
-- see it.
set local role ponte_owner;

call ponte.make_queue('fin.erp_sync_log');
-- one attempt: a run that died is shown as interrupted, and whoever asks next starts anew
alter table fin.erp_sync_log alter max_tentativas set default 1;
update fin.erp_sync_log set max_tentativas = 1;

-- A run by a worker has two leases, its own and the queue's: both are renewed before every call.
create or replace function fin.renew_client_sync(p_id uuid, p_lease interval) returns boolean
language plpgsql -- keeps its plan: it runs before every call to Omie
as $$
begin
  update fin.erp_sync_log
     set lease_until = clock_timestamp() + p_lease,
         lease_ate = case when lease_token is not null then clock_timestamp() + p_lease end
   where id = p_id and status = 'running';
  return found;
end
$$;

-- Work left to the background, whatever its queue, as GET /api/tasks/{id} shows it; row security is
-- the caller's.
create view ponte.tasks with (security_invoker = true) as
select task_id, 'transferir_anexos' as tipo, status, to_jsonb(id) as log_id, tentativas,
       proxima_tentativa_em
  from backoffice.attachment_transfer_log
union all
select task_id, 'encerrar_pedido', status, to_jsonb(id), tentativas, proxima_tentativa_em
  from backoffice.purchase_order_closure_log
union all
select id, 'sincronizar_clientes', status, to_jsonb(id), tentativas, proxima_tentativa_em
  from fin.erp_sync_log
union all
select id, job, status, to_jsonb(id), tentativas, proxima_tentativa_em
  from fin.job_run;
grant select on ponte.tasks to ponte_app;

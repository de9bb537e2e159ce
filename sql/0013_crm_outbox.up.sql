-- Sending a message that is due (data-collecting.md 9.5): what it needs, what is written before the
-- call, and what the call led to.  One statement each, as functions that keep their plans; the row is
-- ours while its lease_token is the one we claimed it with.
set local role ponte_owner;

-- Everything a message is made of; no row when the lease is lost.  `variables` holds texts by the
-- identifiers of 9.2, amounts as decimals.
create function crm.load_send(p_token uuid, p_zone text)
returns table (
  is_stale boolean, last_error text, client_phone text, variables jsonb, template_name text, components jsonb,
  connection_id text, connection_type text, connection_token text, gateway_session text,
  whatsapp_phone_id text, template_id text, writes_chat boolean)
language plpgsql stable
as $$
begin
  return query
    select -- a message is not sent days later (9.8); a further attempt may cross one more midnight
           crm.day_of(i.agendamento_data_referencia)
             < (now() at time zone p_zone)::date - case when i.tentativas <= 1 then 1 else 2 end,
           i.erro_envio, c.telefone,
           jsonb_build_object(
             'clientName', c.nome, 'clientPhoneNumber', c.telefone, 'clientEmail', c.email,
             'clientSegmentation', c.analise_rfm_titulo,
             'clientFavoriteProduct', p.descricao,
             'clientFavoriteProductGroup', c.metadata_grupo_produto_mais_comprado,
             'purchaseValue', i.metadados ->> 'compraValor',
             'purchaseCashbackAccumulated', i.metadados ->> 'compraCashbackAcumulado',
             'purchaseCashbackNewBalance', i.metadados ->> 'compraCashbackNovoSaldo',
             'purchaseSellerName', i.metadados ->> 'compraVendedorNome',
             'cashbackAvailableBalance', i.metadados ->> 'cashbackSaldoDisponivel',
             'cashbackLifetimeAccumulated', i.metadados ->> 'cashbackTotalAcumuladoVida',
             'cashbackLifetimeRedeemed', i.metadados ->> 'cashbackTotalResgatadoVida',
             'cashbackExpiringAmount', i.metadados ->> 'cashbackExpirandoValor',
             'cashbackExpiringDate', i.metadados ->> 'cashbackExpirandoData'),
           t.nome, t.componentes, w.id::text, w.tipo_conexao::text, w.token,
           w.gateway_sessao_id::text, f.whatsapp_telefone_id::text, t.id::text,
           o.configuracao #> '{recursos,hubAtendimentos,acesso}' is distinct from 'false'
      from crm.interactions i
      join crm.organizations o on o.id = i.organizacao_id
      left join crm.clients c on c.id = i.cliente_id
      join crm.campaigns k on k.id = i.campanha_id
      left join crm.products p on p.id = c.metadata_produto_mais_comprado_id
      left join crm.whatsapp_templates t on t.id = k.whatsapp_template_id
      left join crm.whatsapp_connection_phones f on f.id = k.whatsapp_conexao_telefone_id
      left join crm.whatsapp_connections w on w.id = f.conexao_id
     where i.lease_token = p_token;
end
$$;

-- The message's row in its client's chat, before anything is sent (9.5.3, 9.5.4).
create function crm.write_message(p_interaction crm.interactions, p_text text) returns text
language plpgsql
as $$
declare
  chat    text;
  message text;
begin
  insert into crm.chats as c (organizacao_id, cliente_id, whatsapp_conexao_id,
                              whatsapp_conexao_telefone_id, whatsapp_telefone_id,
                              ultima_mensagem_data, ultima_mensagem_conteudo_tipo, status)
  select p_interaction.organizacao_id, p_interaction.cliente_id, f.conexao_id, f.id,
         f.whatsapp_telefone_id, now(), 'TEXTO', 'ABERTA'
    from crm.campaigns k
    join crm.whatsapp_connection_phones f on f.id = k.whatsapp_conexao_telefone_id
   where k.id = p_interaction.campanha_id
  on conflict (organizacao_id, cliente_id, whatsapp_conexao_telefone_id)
     do update set ultima_mensagem_data = now() -- and the row is ours until the commit
  returning c.id into chat;

  insert into crm.chat_messages as m (organizacao_id, chat_id, whatsapp_template_id, interacao_id,
                                      autor_tipo, autor_usuario_id, conteudo_texto,
                                      conteudo_midia_tipo, data_envio)
  select p_interaction.organizacao_id, chat, k.whatsapp_template_id, p_interaction.id, 'USUÁRIO',
         k.autor_id, p_text, 'TEXTO', now()
    from crm.campaigns k
   where k.id = p_interaction.campanha_id and chat is not null
  on conflict (interacao_id) where interacao_id is not null
     do update set conteudo_texto = excluded.conteudo_texto, data_envio = now(), -- another attempt
                   whatsapp_message_status = 'PENDENTE'
  returning m.id into message;

  update crm.chats
     set ultima_mensagem_id = message, ultima_mensagem_conteudo_tipo = 'TEXTO',
         ultima_mensagem_conteudo_texto = p_text
   where id = chat;
  return message;
end
$$;

-- Takes the connection's next start, spaced over all hosts (9.7), and writes the message (p_text null:
-- there is none).  The lease is made to last for the wait and p_call_ms beyond.
--   lost       the row is somebody else's: stop
--   suspended  the connection was refused a moment ago: nothing was written
--   late       its turn comes after wait_ms, past p_within_ms: nothing was written or reserved
--   go         send after wait_ms
create function crm.open_send(p_token uuid, p_connection text, p_text text, p_interval_ms bigint,
                              p_call_ms bigint, p_within_ms bigint,
                              out verdict text, out wait_ms bigint, out message_id text)
language plpgsql
as $$
declare
  pause  constant interval := make_interval(secs => p_interval_ms / 1000.0);
  interaction crm.interactions;
  begins timestamptz;
  needed timestamptz;
begin
  wait_ms := 0;
  select * into interaction from crm.interactions where lease_token = p_token for update;
  if not found then
    verdict := 'lost';
    return;
  end if;
  select greatest(envio_livre_em, clock_timestamp())
    into begins
    from crm.whatsapp_connections
   where id = p_connection
     and (envio_suspenso_ate is null or envio_suspenso_ate <= clock_timestamp())
     for no key update;
  if not found then
    verdict := 'suspended';
    return;
  end if;
  wait_ms := ceil(greatest(extract(epoch from begins - clock_timestamp()) * 1000, 0));
  if wait_ms > p_within_ms then
    verdict := 'late';
    return;
  end if;
  update crm.whatsapp_connections set envio_livre_em = begins + pause where id = p_connection;
  if p_text is not null then
    message_id := crm.write_message(interaction, p_text);
  end if;
  wait_ms := ceil(greatest(extract(epoch from begins - clock_timestamp()) * 1000, 0));
  needed := clock_timestamp() + make_interval(secs => (wait_ms + p_call_ms) / 1000.0);
  if interaction.lease_ate < needed then
    update crm.interactions set lease_ate = needed where id = interaction.id;
  end if;
  verdict := 'go';
end
$$;

-- How an attempt ended: message, interaction and connection together, while the lease is ours.
--   p_status        status_envio; null: as if never tried
--   p_was_sent      the message is out of our hands: it counts as executed
--   p_takes_back    the attempt does not count
--   p_again_ms      until the next attempt, while attempts are left; null: none by itself
--   p_metadata      merged into metadados
--   p_suspend_s     nobody uses the connection for so long; null: it is not to blame
create function crm.end_send(p_token uuid, p_status text, p_error text, p_was_sent boolean,
                             p_takes_back boolean, p_again_ms bigint, p_metadata jsonb,
                             p_message_id text, p_message_status crm.chat_message_whatsapp_status,
                             p_connection text, p_suspend_s integer)
returns boolean
language plpgsql
as $$
declare
  tick constant timestamptz := clock_timestamp();
  done text;
begin
  update crm.interactions
     set status_envio = p_status, erro_envio = p_error,
         data_execucao = case when p_was_sent then tick end,
         data_envio = case when p_was_sent then tick end,
         metadados = case when p_metadata is null then metadados
                          else coalesce(metadados, '{}') || p_metadata end,
         tentativas = tentativas - p_takes_back::integer,
         proxima_tentativa_em = case when tentativas - p_takes_back::integer < max_tentativas
                                     then tick + make_interval(secs => p_again_ms / 1000.0) end,
         lease_token = null, lease_ate = null, worker = null, updated_at = tick
   where lease_token = p_token
  returning id into done;
  if not found then
    return false;
  end if;
  if p_message_status is not null then
    update crm.chat_messages
       set whatsapp_message_status = p_message_status,
           whatsapp_message_id = coalesce(p_message_id, whatsapp_message_id)
     where interacao_id = done;
  end if;
  if p_suspend_s is not null then
    update crm.whatsapp_connections
       set envio_suspenso_ate = tick + make_interval(secs => p_suspend_s)
     where id = p_connection;
  end if;
  return true;
end
$$;

-- One organization with a cashback program and four campaigns, to begin with: copy it and change what
-- your shop does otherwise (data-collecting.md 6.1, 7, 9.6).  deploy/demo-crm runs it with psql, which
-- fills in what stands behind the colons:
--   :id, :nome             the organization; every other id is made of this one
--   :tipo, :configuracao   ONLINE-SOFTWARE with {"token": …}, or CARDAPIO-WEB with {"apiKey": …,
--                          "merchantId": …}
--   :telefone_id, :token   a phone of WhatsApp's Cloud API and its token; empty: none yet, and its
--                          messages are tried until the day after theirs
-- Again is harmless: what is there stays as it is, but for tokens and the phone's id, if given.
begin;
select set_config('role', 'ponte_app', true),
       set_config('request.jwt.claims', '{"role":"system"}', true) \g /dev/null

insert into crm.users (id, nome) values ('demo', 'Demonstração') on conflict do nothing;
insert into crm.organizations (id, nome, cnpj, integracao_tipo, integracao_configuracao)
values (:'id', :'nome', '11222333000181', :'tipo', :'configuracao')
on conflict (id) do update set integracao_configuracao = excluded.integracao_configuracao;

-- 5 % of every purchase from 20 reais on comes back, for 60 days; who brought the buyer gets 1 %
insert into crm.cashback_programs (
  id, organizacao_id, titulo, acumulo_tipo, acumulo_valor, acumulo_valor_parceiro,
  acumulo_regra_valor_minimo, acumulo_permitir_via_integracao, expiracao_regra_validade_valor)
values (:'id' || '-programa', :'id', 'Cashback', 'PERCENTUAL', 5, 1, 20, true, 60)
on conflict do nothing;

-- how messages leave
insert into crm.whatsapp_connections (id, organizacao_id, tipo_conexao, token)
values (:'id' || '-conexao', :'id', 'META_CLOUD_API', nullif(:'token', ''))
on conflict (id) do update set token = coalesce(excluded.token, whatsapp_connections.token);
insert into crm.whatsapp_connection_phones (id, conexao_id, nome, numero, whatsapp_telefone_id)
values (:'id' || '-telefone', :'id' || '-conexao', 'Loja', '551130000000', nullif(:'telefone_id', ''))
on conflict (id) do update
  set whatsapp_telefone_id = coalesce(excluded.whatsapp_telefone_id,
                                      whatsapp_connection_phones.whatsapp_telefone_id);

-- what they say; the template of that name has to be approved by Meta with the same parameters
insert into crm.whatsapp_templates (id, organizacao_id, nome, categoria, componentes, autor_id)
values
  (:'id' || '-boas-vindas', :'id', 'boas_vindas', 'MARKETING', '{"corpo": {
     "conteudo": "<p>Olá <span data-type=\"mention\" data-id=\"clientName\"></span>, obrigado pela primeira compra! Você já tem <span data-type=\"mention\" data-id=\"cashbackAvailableBalance\"></span> de cashback.</p>",
     "parametros": [{"nome": "cliente", "exemplo": "Ana", "identificador": "clientName"},
                    {"nome": "saldo", "exemplo": "R$ 5,00", "identificador": "cashbackAvailableBalance"}]}}', 'demo'),
  (:'id' || '-obrigado', :'id', 'obrigado', 'MARKETING', '{"corpo": {
     "conteudo": "<p>Obrigado, <span data-type=\"mention\" data-id=\"clientName\"></span>! Sua compra de <span data-type=\"mention\" data-id=\"purchaseValue\"></span> está registrada.</p>",
     "parametros": [{"nome": "cliente", "exemplo": "Ana", "identificador": "clientName"},
                    {"nome": "valor", "exemplo": "R$ 100,00", "identificador": "purchaseValue"}]}}', 'demo')
on conflict do nothing;

-- when they are said: at once after the first purchase (with 2 reais of cashback on top), three days
-- after a further one of 50 reais or more at nine o'clock, once the balance reaches 30 reais, and at
-- the tenth purchase
insert into crm.campaigns (
  id, organizacao_id, titulo, gatilho_tipo, autor_id, gatilho_nova_compra_valor_minimo,
  gatilho_total_cashback_acumulado_valor_minimo, gatilho_quantidade_total_compras,
  execucao_agendada_valor, execucao_agendada_bloco, permitir_recorrencia, frequencia_intervalo_valor,
  cashback_geracao_ativo, cashback_geracao_tipo, cashback_geracao_valor,
  whatsapp_conexao_telefone_id, whatsapp_template_id)
select :'id' || '-' || x.name, :'id', x.title, x.trigger::crm.campaign_trigger_type, 'demo', x.purchase,
       x.balance, x.count, x.days, '09:00', x.recurs, x.every, x.gift is not null,
       case when x.gift is not null then 'FIXO' end::crm.cashback_program_accumulation_type, x.gift,
       :'id' || '-telefone', :'id' || x.template
  from (values
    ('primeira', 'Primeira compra',   'PRIMEIRA-COMPRA',          null, null, null, 0, false, 0,  2,    '-boas-vindas'),
    ('nova',     'Nova compra',       'NOVA-COMPRA',              50,   null, null, 3, true,  30, null, '-obrigado'),
    ('saldo',    'Cashback de 30',    'CASHBACK-ACUMULADO',       null, 30,   null, 1, true,  15, null, '-boas-vindas'),
    ('decima',   'Décima compra',     'QUANTIDADE-TOTAL-COMPRAS', null, null, 10,   1, false, 0,  10,   '-obrigado')
  ) as x (name, title, trigger, purchase, balance, count, days, recurs, every, gift, template)
on conflict do nothing;
insert into crm.campaign_segmentations (id, organizacao_id, campanha_id, segmentacao)
select :'id' || '-' || campaign || '-' || segment, :'id', :'id' || '-' || campaign, segment
  from unnest(array['primeira', 'nova', 'saldo']) as campaign,
       unnest(array['CLIENTES RECENTES', 'CAMPEÕES', 'CLIENTES LEAIS', 'POTENCIAIS CLIENTES LEAIS',
                    'PROMISSORES']) as segment
on conflict do nothing;
commit;

/* Synthetic clients: invented, but with check digits that hold, and as untidy as a real register.
 * The n-th client of a seed is always the same. */

/* The check digit (modulo 11) of a CNPJ or CPF, given the digits before it and their weights. */
create or replace function sandbox.br_digit(digits text, weights int[]) returns text
language sql immutable strict as $$
  select case when rest < 2 then '0' else (11 - rest)::text end
    from (select sum(d::int * w) % 11 as rest
            from unnest(string_to_array(digits, null), weights) as x (d, w)) s;
$$;

create or replace function sandbox.br_cnpj(root bigint) returns text
language plpgsql immutable strict as $$
declare
  d text := lpad(root::text, 8, '0') || '0001';
begin
  d := d || sandbox.br_digit(d, '{5,4,3,2,9,8,7,6,5,4,3,2}');
  d := d || sandbox.br_digit(d, '{6,5,4,3,2,9,8,7,6,5,4,3,2}');
  return overlay(overlay(overlay(overlay(d placing '-' from 13 for 0) placing '/' from 9 for 0)
                 placing '.' from 6 for 0) placing '.' from 3 for 0);
end $$;

create or replace function sandbox.br_cpf(root bigint) returns text
language plpgsql immutable strict as $$
declare
  d text := lpad(root::text, 9, '0');
begin
  d := d || sandbox.br_digit(d, '{10,9,8,7,6,5,4,3,2}');
  d := d || sandbox.br_digit(d, '{11,10,9,8,7,6,5,4,3,2}');
  return overlay(overlay(overlay(d placing '-' from 10 for 0) placing '.' from 7 for 0)
                 placing '.' from 4 for 0);
end $$;

/* Letters outside ASCII are escaped already, and & is an entity: as Omie would send them. */
create or replace function sandbox.omie_seed_words() returns table (
  firsts text[], lasts text[], kinds text[], trades text[], ends text[], streets text[],
  districts text[], cities text[], ibges text[], states text[], ddds text[])
language sql immutable as $$
  select
    '{ANA,BRUNO,CARLA,DIEGO,ELISA,F\\u00c1BIO,GABRIELA,HEITOR,IN\\u00caS,JO\\u00c3O,KARINA,LU\\u00cdS,MARINA,N\\u00c9LSON,OT\\u00c1VIO,PAULA,RENATA,S\\u00c9RGIO,TA\\u00cdS,VICENTE}'::text[],
    '{ALBUQUERQUE,BARROS,CONCEI\\u00c7\\u00c3O,DUARTE,ESTEVES,FALC\\u00c3O,GUIMAR\\u00c3ES,HOLANDA,IP\\u00caS,JATOB\\u00c1,LACERDA,MAGALH\\u00c3ES,NORONHA,OURIQUES,PEIXOTO,QUEIROZ,RESENDE,SAMPAIO,TEIXEIRA,VASCONCELOS,XAVIER}'::text[],
    '{MERCADO,PADARIA,OFICINA,FARM\\u00c1CIA,CONSTRU\\u00c7\\u00d5ES,TRANSPORTES,INFORM\\u00c1TICA,CONFEC\\u00c7\\u00d5ES,GR\\u00c1FICA,DISTRIBUIDORA,RESTAURANTE,CL\\u00cdNICA,PAPELARIA,MET\\u00c1LICA}'::text[],
    '{SOL NASCENTE,BOA VISTA,TR\\u00caS RIOS,SERRA AZUL,PORTO SEGURO,NOVA ERA,IP\\u00ca AMARELO,VALE VERDE,PEDRA BRANCA,ESTRELA DO SUL,\\u00c1GUA CLARA,CAMPO BELO,S\\u00c3O BENTO}'::text[],
    '{LTDA,LTDA ME,EIRELI,S.A.,& CIA LTDA,& FILHOS LTDA,LTDA EPP}'::text[],
    '{RUA DAS FLORES,AVENIDA BRASIL,RUA QUINZE DE NOVEMBRO,RUA S\\u00c3O JO\\u00c3O,AVENIDA GET\\u00daLIO VARGAS,RUA DAS PALMEIRAS,TRAVESSA DO COM\\u00c9RCIO,RODOVIA DOS IMIGRANTES}'::text[],
    '{CENTRO,JARDIM AM\\u00c9RICA,VILA NOVA,DISTRITO INDUSTRIAL,BOA ESPERAN\\u00c7A,SANTA CEC\\u00cdLIA}'::text[],
    '{CAMPINAS (SP),S\\u00c3O PAULO (SP),RIO DE JANEIRO (RJ),BELO HORIZONTE (MG),CURITIBA (PR),GOI\\u00c2NIA (GO),SALVADOR (BA),FLORIAN\\u00d3POLIS (SC)}'::text[],
    '{3509502,3550308,3304557,3106200,4106902,5208707,2927408,4205407}'::text[],
    '{SP,SP,RJ,MG,PR,GO,BA,SC}'::text[],
    '{19,11,21,31,41,62,71,48}'::text[];
$$;

/* What the n-th client is made of.  Every few hundred shares the document of the one before it. */
create or replace function sandbox.omie_seed_rows(p_n int, p_seed int) returns table (
  n int, h bigint, id bigint, is_person boolean, is_foreign boolean, document text,
  razao text, fantasia text, email text, tags text, code text, api text, inactive text,
  included timestamp, altered timestamp, city int)
language sql stable as $$
  select g.n, h, case when g.n % 9 = 0 then 10000000000 else 2485000000 end + g.n * 17,
         is_person, is_foreign,
         case when is_foreign then ''
              when is_person then sandbox.br_cpf(100000000 + (m * 7919::bigint + p_seed * 104729) % 899999999)
              else sandbox.br_cnpj(10000000 + (m * 7919::bigint + p_seed * 104729) % 89999999) end,
         case when g.n % 97 = 50 then '' when is_person then person else company end,
         case when is_person then person else trade end,
         case when g.n % 11 = 4 then ''
              when g.n % 40 = 8 then format('financeiro%s@exemplo.com.br, compras%1$s@exemplo.com.br', g.n)
              else format('%s%s@exemplo.com.br',
                     (array['financeiro', 'contato', 'contas', 'nfe', 'Compras'])[1 + h % 5], g.n) end,
         case when g.n % 25 = 5 then '' when g.n % 10 = 9 then '{"tag":"Cliente"},{"tag":"Fornecedor"}'
              when g.n % 4 = 0 then '{"tag":"Fornecedor"}' else '{"tag":"Cliente"}' end,
         case when g.n % 3 = 0 then 'CLI-' || lpad(g.n::text, 6, '0') else '' end,
         case when g.n % 3 = 0 then 'S' else 'N' end,
         case when g.n % 31 = 30 then 'S' else 'N' end,
         born, born + make_interval(mins => ((h >> 12) & 1048575)::int),
         1 + ((h >> 5) % 8)::int
    from sandbox.omie_seed_words() w,
         generate_series(1, p_n) as g (n),
         lateral (select hashint8extended(g.n, p_seed) & 9007199254740991 as h,
                         case when g.n % 300 = 0 then g.n - 1 else g.n end as m) a,
         lateral (select m % 10 = 3 as is_person, m % 50 = 7 as is_foreign,
                         timestamp '2019-01-02 08:00' + make_interval(mins => ((h >> 20) & 2097151)::int)
                           as born,
                         w.firsts[1 + h % 20] || ' ' || w.lasts[1 + (h >> 8) % 21] || ' '
                           || w.lasts[1 + (h >> 16) % 21] as person,
                         w.kinds[1 + h % 14] || ' ' || w.trades[1 + (h >> 8) % 13] as trade) b,
         lateral (select trade || ' ' || replace(w.ends[1 + (h >> 16) % 7], '&', '&amp;') as company) c;
$$;

/* Gives an app n clients; those it had are gone.  20,000 take about a second. */
create or replace function sandbox.omie_seed_clients(p_app text, p_n int, p_seed int default 1)
returns void language plpgsql as $$
begin
  delete from sandbox.omie_client where app_key = p_app;
  insert into sandbox.omie_client (app_key, position, id, integration_code, document, razao_social,
    nome_fantasia, inactive, from_api, tags, included, altered, extra, body)
  select p_app, row_number() over (order by r.id), r.id, nullif(r.code, ''),
         nullif(translate(r.document, './-', ''), ''),
         ('"' || r.razao || '"')::jsonb #>> '{}', ('"' || r.fantasia || '"')::jsonb #>> '{}',
         r.inactive = 'S', r.api = 'S',
         array(select lower(t[1]) from regexp_matches(r.tags, ':"(\w+)"', 'g') t),
         r.included, r.altered,
         case when r.n % 6 = 0 then '{"observacao":"Cobrar no dia 5.|Falar com o contato."}' else '{}' end::jsonb,
         format(concat(
           '{"bairro":"%s","bloqueado":"N","bloquear_exclusao":"N","bloquear_faturamento":"N","cep":"%s","cidade":"%s",',
           '"cidade_ibge":"%s","cnae":"4711302","cnpj_cpf":"%s","codigo_cliente_integracao":"%s",',
           '"codigo_cliente_omie":%s,"codigo_pais":"%s","complemento":"","contato":"%s",',
           '"contribuinte":"%s","dadosBancarios":{"agencia":"%s","cChavePix":"","codigo_banco":"%s",',
           '"conta_corrente":"","doc_titular":"","nome_titular":"","transf_padrao":"N"},"email":"%s",',
           '"endereco":"%s","enderecoEntrega":{},"endereco_numero":"%s","enviar_anexos":"N",',
           '"estado":"%s","exterior":"%s","homepage":"","importado_api":"%s","inativo":"%s","info":{"cImpAPI":"%s","dAlt":"%s",',
           '"dInc":"%s","hAlt":"%s","hInc":"%s","uAlt":"P%s","uInc":"P%s"},',
           '"inscricao_estadual":"%s","inscricao_municipal":"","inscricao_suframa":"","nome_fantasia":"%s",',
           '"optante_simples_nacional":"%s","pessoa_fisica":"%s","produtor_rural":"N","razao_social":"%s",',
           '"recomendacoes":{"email_fatura":"","gerar_boletos":"%s","numero_parcelas":"000"},',
           '"tags":[%s],"telefone1_ddd":"%s","telefone1_numero":"%s","tipo_atividade":"","valor_limite_credito":%s}'),
           w.districts[1 + r.h % 6], 10000000 + r.h % 89999999, w.cities[r.city], w.ibges[r.city],
           r.document, r.code, r.id, case when r.is_foreign then '0249' else '1058' end,
           case when r.h % 3 = 0 then w.firsts[1 + (r.h >> 9) % 20] else '' end,
           case when r.is_person then 'N' else 'S' end,
           case when r.h % 4 = 0 then '0001' else '' end, case when r.h % 4 = 0 then '341' else '' end,
           r.email, w.streets[1 + (r.h >> 3) % 8], 1 + r.h % 4999,
           case when r.is_foreign then 'EX' else w.states[r.city] end,
           case when r.is_foreign then 'S' else 'N' end, r.api, r.inactive, r.api,
           to_char(r.altered, 'DD/MM/YYYY'), to_char(r.included, 'DD/MM/YYYY'),
           to_char(r.altered, 'HH24:MI:SS'), to_char(r.included, 'HH24:MI:SS'),
           '000' || 100000 + r.h % 89, '000' || 100000 + r.h % 97,
           case when r.is_person then '' else (100000000000 + r.h % 899999999999)::text end, r.fantasia,
           case when r.h % 2 = 0 then 'S' else 'N' end, case when r.is_person then 'S' else 'N' end,
           r.razao, case when r.h % 5 = 0 then 'S' else 'N' end, r.tags, w.ddds[r.city],
           3000 + r.h % 999 || '-' || 1000 + (r.h >> 11) % 8999,
           (array['0', '100', '1500.5', '25000.75'])[1 + r.h % 4])
    from sandbox.omie_seed_rows(p_n, p_seed) r, sandbox.omie_seed_words() w;
end $$;

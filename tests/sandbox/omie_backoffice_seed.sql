/* Synthetic receipts with their orders, payables and attachments: always the same ones, dated in the
 * sandbox's month. */

/* The k-th file of the n-th receipt: a small PDF as far as its first bytes tell. */
create or replace function sandbox.omie_seed_file(n int, k int, out name text, out content bytea)
language sql immutable as $$
  select (array[format('Nota fiscal nº %s.pdf', 1000 + n), format('Boleto - março (%s).pdf', n),
                format('Medição & relatório de serviços %s.pdf', n)])[k],
         convert_to(format(E'%%PDF-1.4\n%% recebimento %s, anexo %s\n%s\n%%%%EOF\n', n, k,
                           repeat(md5(format('%s-%s', n, k)) || E'\n', 10 + (n * 7 + k) % 40)), 'UTF8');
$$;

/* The record of a receipt: finished, linked to its order and its payable. */
create or replace function sandbox.omie_seed_receipt(n int, p_id bigint, p_order bigint,
  p_title bigint, p_day date) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'cabec', jsonb_build_object('nIdReceb', p_id, 'nIdFornecedor', 2485000000 + n % 20 * 17,
      'cNome', 'FORNECEDOR ' || n % 20, 'cRazaoSocial', format('FORNECEDOR %s &amp; FILHOS LTDA', n % 20),
      'cCNPJ_CPF', sandbox.br_cnpj(11222333 + n % 20), 'cPessoaFisica', 'N', 'cModeloNFe', '55',
      'cChaveNfe', lpad((35260100000000 + n)::text, 44, '0'), 'cNumeroNFe', lpad((5000 + n)::text, 8, '0'),
      'cSerieNFe', '1', 'dEmissaoNFe', to_char(p_day, 'DD/MM/YYYY'), 'nValorNFe', trim_scale(100.5 * n),
      'cAmbienteNFe', '1', 'cNaturezaOperacao', 'Prestação de serviço', 'cEtapa', '60'),
    'itensRecebimento', jsonb_build_array(jsonb_build_object(
      'itensCabec', jsonb_build_object('nIdItem', p_id * 10 + 1, 'nIdPedido', p_order,
        'nIdItPedido', p_order * 10 + 1, 'nIdProduto', 2485950001, 'nSequencia', 1, 'nQtdeNFe', 1,
        'cDescricaoProduto', 'Serviço de manutenção', 'cUnidadeNfe', 'UN', 'cIgnorarItem', 'N',
        'nPrecoUnit', trim_scale(100.5 * n), 'vTotalItem', trim_scale(100.5 * n)),
      'itensInfoAdic', jsonb_build_object('nNumPedCompra', (1000 + n)::text, 'cNumItPedCompra', '1'),
      'itensAjustes', '{"nQtdeRecebida":1,"codigo_local_estoque":2485960001}'::jsonb)),
    'parcelas', jsonb_build_object('cCodParcela', '000', 'nQtdParcela', 1, 'parcelasLista',
      jsonb_build_array(jsonb_build_object('nSequencia', 1, 'nIdTitulo', p_title, 'pParcela', 100,
        'dVencimento', to_char(p_day + 30, 'DD/MM/YYYY'), 'vParcela', trim_scale(100.5 * n),
        'cTipoDocumento', 'BOL'))),
    'infoAdicionais', jsonb_build_object('cCategCompra', '2.01.01', 'nIdConta', 2485990001,
      'dRegistro', to_char(p_day, 'DD/MM/YYYY')),
    'infoCadastro', jsonb_build_object('dInc', to_char(p_day, 'DD/MM/YYYY'), 'hInc', '08:30:00',
      'dAlt', to_char(p_day, 'DD/MM/YYYY'), 'hAlt', '17:45:00', 'cRecebido', 'S',
      'dRec', to_char(p_day, 'DD/MM/YYYY'), 'hRec', '17:45:00', 'cFaturado', 'S', 'cCancelada', 'N',
      'cDevolvido', 'N', 'cBloqueado', 'N', 'cOperacao', '21'),
    'observacoes', '{"cObs":""}'::jsonb);
$$;

/* 50 receipts (nIdReceb 2488000001 to 2488000050, every ninth 10^10 more), each for order 1001 to
 * 1050 and for a payable (ids that begin with 2489), with 1 to 3 attachments.  A second seed of the
 * app replaces those of the first. */
create or replace function sandbox.omie_seed_backoffice(p_app text) returns void
language plpgsql as $$
declare
  first_day date := date_trunc('month', sandbox.omie_today(sandbox.omie_settings_of(p_app)))::date;
  large bigint;
  receipt bigint;
begin
  for n in 1 .. 50 loop
    large := case when n % 9 = 0 then 10000000000 else 0 end;
    receipt := 2488000000 + large + n;
    delete from sandbox.omie_attachment
     where app_key = p_app and register = 'com-recebimento' and document = receipt;
    perform sandbox.omie_put_receipt(p_app, sandbox.omie_seed_receipt(n, receipt,
      sandbox.omie_put_order(p_app, (1000 + n)::text, 'Aberto', '{001,002}'),
      2489000000 + large + n, first_day + n % 28));
    perform sandbox.omie_put_document(p_app, 'conta-pagar', 2489000000 + large + n);
    perform sandbox.omie_put_attachment(p_app, 'com-recebimento', receipt, f.name, f.content)
       from generate_series(1, 1 + n % 3) as k, sandbox.omie_seed_file(n, k) f order by k;
  end loop;
end $$;

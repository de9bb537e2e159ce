/* A record of Online Software's, for the tests of its connector. */
#pragma once
#include "sale_fixture.h"

/* With the reference's wire names */
#define ITEM                                                                                       \
  "{\"codigo\":\"10\",\"descricao\":\"Camisa\",\"unidade\":\"PC\",\"grupo\":\"ROUPAS\","           \
  "\"ncm\":\"6205\",\"tipo\":\"Produto\",\"qtde\":\"2\",\"valorunit\":\"10.00\","                  \
  "\"vdesc\":\"1.50\",\"vcusto\":8,\"baseicms\":\"18.50\",\"percent\":\"18\",\"icms\":\"3.33\","   \
  "\"cst_icms\":\"00\",\"csosn\":\"102\",\"cst_pis\":\"01\",\"cfop\":\"5102\",\"vfrete\":\"0\","   \
  "\"vseg\":\"0\",\"voutro\":\"0\",\"vipi\":\"0\",\"vicmsst\":\"0\",\"vicms_desonera\":\"0\","     \
  "\"cest\":\"2803800\",\"vprod\":\"99\"}"
#define SALE                                                                                       \
  "{\"id\":\"123\",\"cliente\":\"Maria Souza\",\"clientefone\":\"(11) 98765-4321\","               \
  "\"clientecelular\":\"11 3333-4444\",\"valor\":\"199.90\",\"data\":\"05/03/2026\","              \
  "\"natureza\":\"SN01\",\"vendedor\":\"ANA\",\"parceiro\":\"12345678901\",\"chave\":\"K1\","      \
  "\"documento\":\"D1\",\"modelo\":\"DV\",\"movimento\":\"RECEITAS\",\"serie\":\"0\","             \
  "\"situacao\":\"00\",\"tipo\":\"Venda de produtos\",\"itens\":[" ITEM "],\"fim\":1}"

static inline Mapped *
online(const char *record)
{
  return map_fine(&online_software, record);
}

static inline Mapped *
online_with(const char *name, const char *value)
{
  g_autofree char *record = with_member(SALE, name, value);
  return online(record);
}

static inline void
assert_rejected_with(const char *name, const char *value, const char *code)
{
  g_autofree char *record = with_member(SALE, name, value);
  assert_rejected(&online_software, record, code, name);
}
